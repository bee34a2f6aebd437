import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskDiff, maskText, maskUrl } from './mask-text.ts'
import { isStorableVariable, maskArguments, maskConfig, maskEnvironment, maskNamedValue } from './mask-values.ts'

/** Random-looking letters and digits that no scanner of repositories takes for a real key. */
const random = (length: number) => 'a7Bq9Zx2Lm4Rt6Kw'.repeat(Math.ceil(length / 16)).slice(0, length)
const hex = (length: number) => '0f3a9c5be17d2846'.repeat(Math.ceil(length / 16)).slice(0, length)
const upper = (length: number) => 'Q7XPLM4ZK2VT9RWB'.repeat(Math.ceil(length / 16)).slice(0, length)

/** Each line with the secret planted in it. */
const PLANTED: readonly (readonly [line: string, secret: string])[] = [
  [`aws_access_key_id = AKIA${upper(16)}`, `AKIA${upper(16)}`],
  [`found ASIA${upper(16)}, using it`, `ASIA${upper(16)}`],
  [`aws_secret_access_key = ${random(38)}/+`, random(38)],
  [`git clone https://ghp_${random(36)}@github.com/a/b`, `ghp_${random(36)}`],
  [`token github_pat_${random(22)}_${random(59)} ok`, `github_pat_${random(22)}_${random(59)}`],
  [`glpat-${random(20)}`, `glpat-${random(20)}`],
  [`login(token="hf_${random(34)}")`, `hf_${random(34)}`],
  [`openai.api_key = "sk-${random(48)}"`, `sk-${random(48)}`],
  [`sk-proj-${random(60)}`, random(60)],
  [`sk-ant-api03-${random(80)}`, random(80)],
  [`stripe sk_live_${random(24)}`, `sk_live_${random(24)}`],
  [`WANDB_API_KEY=${hex(40)}`, hex(40)],
  [`$ wandb login ${hex(40)}`, hex(40)],
  [`slack xoxb-123456789012-${random(24)}`, random(24)],
  [`https://hooks.slack.com/services/T0000/B0000/${random(24)}`, random(24)],
  [`key=AIza${random(35)}`, `AIza${random(35)}`],
  [`Authorization: Bearer ya29.${random(60)}`, random(60)],
  [`cookie: eyJ${random(30)}.eyJ${random(50)}.${random(43)}`, random(43)],
  [`postgresql://ann:hunter2@db.example.org:5432/runs`, 'hunter2'],
  [`mlflow server --backend-store-uri mysql://u:p%40ss/wo:rd@host/db`, 'p%40ss/wo:rd'],
  [`https://u:p@ss@w0rd@host/x`, 'p@ss@w0rd'],
  [`http://minio:9000/b?X-Amz-Credential=c&X-Amz-Signature=${hex(64)}`, hex(64)],
  [`https://x.blob.core.windows.net/c?sv=2026&sig=${random(40)}%3D`, random(40)],
  [`python train.py --password hunter2 --lr 0.1`, 'hunter2'],
  [`python train.py --api-key=${random(12)} --lr 0.1`, random(12)],
  [`api_key: ${random(20)}`, random(20)],
  [`"client_secret": "${random(24)}",`, random(24)],
  [`+    password = "correct horse battery staple"`, 'correct horse battery staple'],
  [`DB_PASSWORD='s3cr3t!'`, 's3cr3t!'],
  [`neptune_api_token=eyJhcGlf${random(60)}`, random(60)],
  [`//npm.example.com/:_authToken=npm_${random(36)}`, `npm_${random(36)}`],
  [`pypi-${random(80)}`, random(80)],
  [`DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${random(86)}==`, random(86)],
  [`dapi${hex(32)}`, `dapi${hex(32)}`],
  [`"private_key": "-----BEGIN PRIVATE KEY-----\\n${random(64)}\\n-----END PRIVATE KEY-----\\n"`, random(64)],
  [`-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(40)}\n-----END RSA PRIVATE KEY-----\nlr: 0.1`, random(40)],
]

/** Whether any eight characters in a row of the secret are left. */
function leaks(masked: string, secret: string): boolean {
  const length = Math.min(8, secret.length)
  return Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length)).some((part) =>
    masked.includes(part),
  )
}

describe('planted secrets', () => {
  test.each(PLANTED)('%s', (line, secret) => {
    const masked = maskText(`before 1\n${line}\nafter 2`)
    expect(leaks(masked, secret)).toBe(false)
    expect(masked).toMatch(/^before 1\n[^]*‹secret: [a-z& ]+›[^]*\nafter 2$/)
    expect(maskText(masked)).toBe(masked)
    expect(masked.split('\n').length).toBe(`before 1\n${line}\nafter 2`.split('\n').length)
  })

  test('are gone from arguments, configurations and diffs too', () => {
    for (const [line, secret] of PLANTED) {
      const words = /^(?:python|mlflow|git|[$]) /.test(line) ? line.split(' ') : [line]
      expect([line, leaks(maskArguments(['python', 'train.py', ...words]).join(' '), secret)]).toEqual([line, false])
      expect([line, leaks(JSON.stringify(maskConfig({ run: { notes: [line] } })), secret)]).toEqual([line, false])
      expect([line, leaks(maskDiff(line.replace(/^/gm, '+')), secret)]).toEqual([line, false])
    }
  })
})

const HARMLESS: readonly string[] = [
  'commit e07b1c4d2a9f3b5c6d7e8f9012345678abcdef01',
  'md5 d41d8cd98f00b204e9800998ecf8427e',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'run 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  'lr=0.0001 weight_decay: 1e-5 seed 42',
  '/home/ann/projects/churn/runs/2026-11-21_14-20-01/model.pt',
  'C:\\Users\\ann\\data\\train.csv',
  'max_tokens=512 num_tokens: 1024 tokens/s 2384.5',
  'tokenizer: bert-base-uncased',
  "pad_token='[PAD]' eos_token: </s> bos_token=<|begin_of_text|>",
  'token_type_ids: 128',
  'tokenizer_config.json special_tokens_map.json',
  'password=None, token=token, secret=os.environ["SECRET_NAME"]',
  'api_key = os.getenv("OPENAI_API_KEY")',
  'password = getpass.getpass()',
  'use_auth_token=True',
  'GOOGLE_APPLICATION_CREDENTIALS=/home/ann/key.json',
  'def login(user, password: str, token: str | None = None):',
  'The password is wrong, and the token expired.',
  'sk-learn-contrib-imbalanced-learning',
  'http://127.0.0.1:5080/p/churn#/runs',
  'git@github.com:ann/churn.git',
  'https://github.com/ann/churn.git@v1.2.3',
  'ssh://git@github.com/ann/churn.git',
  'http://host:8080/path@v2',
  'dataset hf_hub_download of huggingface_hub_test_repository_name',
  'key: value, keys: 12, keyboard: yes',
  'train_loss 0.41 val_acc 0.87',
  'secretary problem, basic training, bearer of news',
  'model.layers.0.self_attn.k_proj.weight',
  '',
]

test.each(HARMLESS)('stays: %s', (line) => {
  expect(maskText(line)).toBe(line)
  expect(maskConfig({ line })).toEqual({ line })
})

test('addresses stay readable', () => {
  expect(maskUrl('s3://key:secret@minio:9000/bucket')).toBe('s3://key:‹secret: password›@minio:9000/bucket')
  expect(maskUrl('https://ann@host/x?page=2&token=abc123def456')).toBe(
    'https://ann@host/x?page=2&token=‹secret: token›',
  )
})

test('arguments', () => {
  const argv = [
    'train.py',
    '--password',
    'x',
    '--token',
    'abc',
    '--api-key=k1k2k3',
    '+wandb.api_key=k1k2k3',
    '--lr',
    '0.1',
  ]
  expect(maskArguments(argv)).toEqual([
    'train.py',
    '--password',
    '‹secret: password›',
    '--token',
    '‹secret: token›',
    '--api-key=‹secret: key›',
    '+wandb.api_key=‹secret: key›',
    '--lr',
    '0.1',
  ])
  const plain = [
    '--max-tokens',
    '512',
    '--tokenizer',
    'bert',
    '--use-auth-token',
    '--epochs',
    '3',
    '--pad-token',
    '[PAD]',
  ]
  expect(maskArguments(plain)).toEqual(plain)
})

test('of the environment only what is listed is kept, and that masked', () => {
  const masked = maskEnvironment({
    PATH: '/usr/bin',
    CUDA_VISIBLE_DEVICES: '0',
    MLFLOW_TRACKING_URI: 'https://ann:hunter2@mlflow.example.org',
    SLURM_JWT: 'abc',
    TORCH_API_KEY: 'abc',
    AWS_SECRET_ACCESS_KEY: 'abc',
    MY_VARIABLE: 'abc',
    EMPTY: undefined,
  })
  expect(masked).toEqual({
    kept: {
      CUDA_VISIBLE_DEVICES: '0',
      MLFLOW_TRACKING_URI: 'https://ann:‹secret: password›@mlflow.example.org',
      PATH: '/usr/bin',
    },
    withheld: ['AWS_SECRET_ACCESS_KEY', 'MY_VARIABLE', 'SLURM_JWT', 'TORCH_API_KEY'],
  })
  expect(['HOME', 'SSH_AUTH_SOCK', 'WANDB_API_KEY', 'HF_TOKEN'].filter(isStorableVariable)).toEqual([])
})

test('configurations keep their shape', () => {
  const config = {
    optimiser: { lr: 0.1, betas: [0.9, 0.999] },
    wandb: { api_key: 'k1k2k3', project: 'churn' },
    database: { password: 1234, url: 'mysql://u:pw@h/d', hosts: ['a', 'b'] },
    tokens: { max: 512, pad_token: '[PAD]', access_token: random(20) },
    password: null,
    secret: ['one-secret', 'two-secret'],
  }
  expect(maskConfig(config)).toEqual({
    optimiser: { lr: 0.1, betas: [0.9, 0.999] },
    wandb: { api_key: '‹secret: key›', project: 'churn' },
    database: { password: '‹secret: password›', url: 'mysql://u:‹secret: password›@h/d', hosts: ['a', 'b'] },
    tokens: { max: 512, pad_token: '[PAD]', access_token: '‹secret: token›' },
    password: null,
    secret: ['‹secret: key›', '‹secret: key›'],
  })
  expect(maskNamedValue('hf_token', random(20))).toBe('‹secret: token›')
  expect(maskNamedValue('lr', '0.1')).toBe('0.1')
})

test('a diff with a key in it keeps its lines and signs', () => {
  const diff = `@@ -1,2 +1,4 @@\n context\n+-----BEGIN PRIVATE KEY-----\n+${random(64)}\n+${random(10)}\n+-----END PRIVATE KEY-----\n-old`
  expect(maskDiff(diff)).toBe(
    '@@ -1,2 +1,4 @@\n context\n+-----BEGIN PRIVATE KEY-----\n+‹secret: private key›\n+‹secret: private key›\n+-----END PRIVATE KEY-----\n-old',
  )
})

test('a key that ends or begins amid a line leaves none of its body', () => {
  const body = random(30)
  expect(maskText(`-----BEGIN PRIVATE KEY-----\n${body}\n${body}-----END PRIVATE KEY----- password=${body}`)).toBe(
    '-----BEGIN PRIVATE KEY-----\n‹secret: private key›\n‹secret: private key›-----END PRIVATE KEY----- password=‹secret: password›',
  )
  expect(maskText(`password=${body} -----BEGIN PRIVATE KEY-----\n${body}`)).toBe(
    'password=‹secret: password› -----BEGIN PRIVATE KEY-----\n‹secret: private key›',
  )
  expect(maskText(`-----END PRIVATE KEY----- -----BEGIN PRIVATE KEY-----\n${body}`)).toBe(
    '-----END PRIVATE KEY----- -----BEGIN PRIVATE KEY-----\n‹secret: private key›',
  )
})

test.each([
  `-----BEGIN PRIVATE KEY----------BEGIN PRIVATE KEY-----${random(40)}\nplain`,
  `-----BEGIN PRIVATE KEY----- --password=${random(40)}\nplain`,
  `-----BEGIN PRIVATE KEY----- --password=-----END PRIVATE KEY-----\nplain`,
])('what is masked once begins no key the second time: %j', (text) => {
  const masked = maskText(text)
  expect(masked).toMatch(/\nplain$/)
  expect(maskText(masked)).toBe(masked)
})

test('masking twice gives the same, and no line is lost', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'password',
      'token',
      '=',
      ': ',
      ' ',
      '--',
      '"',
      "'",
      '://',
      '@',
      ':',
      '\n',
      'sk-',
      'AKIA',
      '?',
      '&',
      'secret',
      '‹',
    ),
    fc.constantFrom(
      random(40),
      hex(40),
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----',
      'Bearer ',
      'eyJ',
      '.',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('')
      const masked = maskText(text)
      expect(masked.split('\n').length).toBe(text.split('\n').length)
      expect(maskText(masked)).toBe(masked)
    }),
    { numRuns: 1500 },
  )
})

test('lines of a megabyte that were made to be slow are done before the test runs out of time', () => {
  const million = 1_000_000
  const parts = [
    ...[
      'a',
      '-',
      'eyJ',
      'eyJ.',
      '-eyJ',
      'sk-',
      'xox',
      'password',
      'password=',
      'token ',
      '--token ',
      '://',
      '://a:',
      ':a@',
      '@',
    ],
    ...[
      '"',
      "'",
      '\\',
      'password="',
      'AKIA',
      'AIza',
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN ',
      'bearer ',
      '?sig=',
      '&a',
      '.',
    ],
    ...['ghp_', 'secret.', 'api_key_', 'wandb login ', '1:AA', 'glpat-', 'AccountKey=', 'a.b-c_'],
  ]
  for (const part of parts) maskText(part.repeat(Math.ceil(million / part.length)))
  expect(maskText(`${'x'.repeat(million)} password=hunter2`)).toMatch(/‹secret: password›$/)
})
