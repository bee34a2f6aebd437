/** Parts of a key that make it a measure of training, whatever stands around them (`val/acc@1`, `eval_macro_f1`). */
const MEASURES: ReadonlySet<string> = new Set(
  `loss losses acc accuracy top1 top5 auc auroc auprc roc ap map map50 f1 f2 fbeta precision recall sensitivity specificity
  mse rmse mae mape smape msle r2 rsquared mcc kappa iou miou jaccard dice bleu rouge rouge1 rouge2 rougel meteor cider chrf
  perplexity ppl bpc bpb wer cer per ter nll logloss bce ce crossentropy entropy kl kld elbo fid psnr ssim lpips mrr ndcg hit
  hits reward rewards rew return score error err brier ece logprob likelihood gini silhouette pearson spearman corr`.split(
    /\s+/,
  ),
)

/** Parts that turn a measure into a setting about it (`loss_weight`, `target_accuracy`). */
const SETTINGS: ReadonlySet<string> = new Set(
  `weight weights threshold thresholds thresh target tolerance tol patience coef coeff coefficient lambda alpha beta gamma
  smoothing interval freq frequency every function fn type name class clip margin ratio delta scale scaling reduction start
  stop decay init initial dropout code bound limit budget`.split(/\s+/),
)

/** Names that carry numbers and are neither measures nor worth a curve. */
const IGNORED: ReadonlySet<string> = new Set(
  `epoch epochs step steps iter iters iteration iterations it global_step eta remaining time_left version v_num seed pid port
  rank local_rank world_size node device gpu_id job id line size total_epochs num_epochs max_epochs max_steps total_steps
  batch batch_idx best_iteration best_epoch bestiteration`.split(/\s+/),
)

/** Words before a number that show that the line is prose. */
const PROSE: ReadonlySet<string> = new Set(
  `to from at in of for is was are were be by with and or the a an than after before per on off about over under out up down
  took improved did not no best saving saved save loading loaded using found only least most within every first top since
  until into as has have had if while then took now last next previous`.split(/\s+/),
)

/** Words that say which of several measures one is, and belong to its key (`train loss 0.4`). */
const QUALIFIERS: ReadonlySet<string> = new Set(
  `train training val valid validation test testing eval evaluation dev avg average mean median total running epoch batch
  macro micro weighted balanced best min max g d gen disc generator discriminator actor critic policy value box cls obj`.split(
    /\s+/,
  ),
)

function partsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

/** Whether a key by itself says that its number is a measure: accepted even where no step or epoch is near. */
export function isMeasure(key: string): boolean {
  const parts = partsOf(key)
  return parts.some((part) => MEASURES.has(part)) && !parts.some((part) => SETTINGS.has(part))
}

/** Whether a key's number is a counter, an address or a time left rather than a value to draw. */
export function isIgnored(key: string): boolean {
  return IGNORED.has(key.toLowerCase()) || SOURCE_FILE.test(key)
}

/** `train.py:42` is where a logger stands, not a key. */
const SOURCE_FILE = /\.(?:py|pyx|ipynb|cpp|cc|cu|c|h|js|ts|rs|go|sh|log|json|ya?ml|csv|txt|pth?|ckpt)$/i

export function isProse(word: string): boolean {
  return PROSE.has(word.toLowerCase())
}

export function isQualifier(word: string): boolean {
  return QUALIFIERS.has(word.toLowerCase())
}

const EPOCH_WORDS: ReadonlySet<string> = new Set(['epoch', 'ep', 'episode', 'round', 'fold', 'generation', 'trial'])
const STEP_WORDS: ReadonlySet<string> = new Set(['step', 'iter', 'iteration', 'it', 'global_step', 'itr', 'update'])

/** What a word counts when a number follows it: passes over the data, or steps. */
export function counterOf(word: string): 'epoch' | 'step' | undefined {
  const lower = word.toLowerCase()
  if (EPOCH_WORDS.has(lower)) return 'epoch'
  return STEP_WORDS.has(lower) ? 'step' : undefined
}

/** Words that make a counter behind them a plan or a memory (`best epoch 5`, `steps per epoch 10`), not the present. */
const PLANS: ReadonlySet<string> = new Set([
  'best',
  'num',
  'max',
  'total',
  'last',
  'per',
  'every',
  'each',
  'of',
  'final',
  'from',
  'resume',
  'warmup',
  'save',
  'eval',
  'log',
])

export function isPlan(word: string): boolean {
  return PLANS.has(word.toLowerCase())
}

/** Keys that are kept out of every point: longer ones are texts, not names. */
export const LONGEST_KEY = 120

/** Makes one key of the words before a value: `Train Loss` is `train_loss`, a single word stays as printed. */
export function keyOfWords(words: readonly string[]): string {
  if (words.length === 1) return trimKey(words[0] ?? '')
  return words.map((word) => trimKey(word).toLowerCase()).join('_')
}

function trimKey(word: string): string {
  let end = word.length
  while (end > 0 && /[.'’#-]/.test(word.charAt(end - 1))) end -= 1
  return word.slice(0, end)
}
