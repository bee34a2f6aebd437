import { isSecretMarker, secretMarker } from './marker.ts'
import { maskText } from './mask-text.ts'
import { isSecretValue, secretKindOfName, type SecretNameKind } from './names.ts'

/** A short text behind an explicit flag is a secret too; only flags of truth and numbers of tokens are not. */
function isSecretArgument(kind: SecretNameKind, value: string): boolean {
  if (isSecretMarker(value) || /^(?:true|false|none|null|)$/i.test(value)) return false
  return kind === 'password' || kind === 'key'
    ? isSecretValue(kind, value) || kind === 'password'
    : !/^-?\d+$/.test(value)
}

/** Masks a command line's arguments: `--password X`, `--token=X`, `model.api_key=X`, and what is a secret by its form. */
export function maskArguments(argv: readonly string[]): readonly string[] {
  let pending: SecretNameKind | null = null
  return argv.map((argument, index) => {
    // The one well-known command that takes its key as a bare word.
    if (argv[index - 1] === 'login' && /^[0-9a-f]{40}$/i.test(argument)) return secretMarker('w&b key')
    const kind = pending
    pending = null
    if (kind !== null && !argument.startsWith('-')) {
      return isSecretArgument(kind, argument) ? secretMarker(kind) : maskText(argument)
    }
    const assignment = /^(-{0,2}[+~]{0,2}[A-Za-z][\w.-]{0,200})=(.*)$/s.exec(argument)
    if (assignment !== null) {
      const [, name = '', value = ''] = assignment
      const named = secretKindOfName(name)
      if (named !== null && isSecretArgument(named, value)) return `${name}=${secretMarker(named)}`
      return maskText(argument)
    }
    if (/^--?[A-Za-z][\w.-]{0,200}$/.test(argument)) pending = secretKindOfName(argument)
    return maskText(argument)
  })
}

/** Names whose values help to repeat a run and hold no secret. */
const STORABLE: ReadonlySet<string> = new Set(
  `PATH PYTHONPATH PYTHONHOME PYTHONHASHSEED PYTHONUNBUFFERED PYTHONIOENCODING PYTHONUTF8 PYTHONOPTIMIZE PYTHONWARNINGS
  VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_ENV_PATH UV_PROJECT_ENVIRONMENT LD_LIBRARY_PATH DYLD_LIBRARY_PATH LD_PRELOAD
  LANG LANGUAGE TZ SHELL TERM HOSTNAME PWD WORLD_SIZE RANK LOCAL_RANK LOCAL_WORLD_SIZE NODE_RANK GROUP_RANK MASTER_ADDR
  MASTER_PORT CUBLAS_WORKSPACE_CONFIG HF_HOME HF_HUB_OFFLINE HF_DATASETS_CACHE HF_DATASETS_OFFLINE TRANSFORMERS_CACHE
  TRANSFORMERS_OFFLINE TOKENIZERS_PARALLELISM WANDB_MODE WANDB_PROJECT WANDB_ENTITY WANDB_DIR MLFLOW_TRACKING_URI
  MLFLOW_EXPERIMENT_NAME MLFLOW_EXPERIMENT_ID HYDRA_FULL_ERROR NO_COLOR OMP_NUM_THREADS TMPDIR XDG_CACHE_HOME`.split(
    /\s+/,
  ),
)
const STORABLE_PREFIXES: readonly string[] = [
  ...['CUDA_', 'NVIDIA_', 'NCCL_', 'ROCM_', 'HIP_', 'HSA_', 'OMP_', 'MKL_', 'KMP_', 'OPENBLAS_', 'NUMEXPR_', 'LC_'],
  ...[
    'TORCH_',
    'PYTORCH_',
    'TF_',
    'XLA_',
    'JAX_',
    'KERAS_',
    'ACCELERATE_',
    'SLURM_',
    'PBS_',
    'LSB_',
    'RAY_',
    'TORCHELASTIC_',
  ],
]

/** Whether a variable of this name may be written down at all; everything not on the list may not. */
export function isStorableVariable(name: string): boolean {
  if (secretKindOfName(name) !== null || /JWT|AUTH|COOKIE/i.test(name)) return false
  return STORABLE.has(name) || STORABLE_PREFIXES.some((prefix) => name.startsWith(prefix))
}

/** The variables that may be written down, masked, and the names of those that may not. */
export interface MaskedEnvironment {
  readonly kept: Readonly<Record<string, string>>
  readonly withheld: readonly string[]
}

/** Reduces an environment to the allow-list, its values masked; names are sorted. */
export function maskEnvironment(environment: Readonly<Record<string, string | undefined>>): MaskedEnvironment {
  const kept: Record<string, string> = {}
  const withheld: string[] = []
  for (const name of Object.keys(environment).toSorted()) {
    const value = environment[name]
    if (value === undefined) continue
    if (isStorableVariable(name)) kept[name] = maskText(value)
    else withheld.push(name)
  }
  return { kept, withheld }
}

const MOST_DEPTH = 64

/** Masks one value by its name: a parameter, a tag, a variable shown before a launch. */
export function maskNamedValue(name: string, value: string): string {
  const kind = secretKindOfName(name)
  if (kind !== null && !isSecretMarker(value) && isSecretValue(kind, value)) return secretMarker(kind)
  return maskText(value)
}

/**
 * Masks a configuration: the values of keys that name a secret, and what is a secret by its form in any other text.
 *
 * @param config what JSON, YAML or TOML holds; deeper than 64 levels nothing is kept.
 */
export function maskConfig(config: unknown): unknown {
  return maskNode(config, null, 0)
}

function maskNode(node: unknown, name: string | null, depth: number): unknown {
  if (typeof node === 'string') return name === null ? maskText(node) : maskNamedValue(name, node)
  if (typeof node === 'number') {
    return name !== null && secretKindOfName(name) === 'password' ? secretMarker('password') : node
  }
  if (typeof node !== 'object' || node === null) return node
  if (depth >= MOST_DEPTH) return null
  if (Array.isArray(node)) return node.map((item: unknown) => maskNode(item, name, depth + 1))
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, maskNode(value, key, depth + 1)]))
}
