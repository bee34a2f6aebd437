/** Whether more or less of a metric is better; `neutral` where the name does not say. */
export type Goal = 'up' | 'down' | 'neutral'

const DOWN =
  /(?:^|[^a-z])(?:loss|losses|logloss|error|err|mse|rmse|mae|mape|msle|nll|perplexity|ppl|wer|cer|fid|ece|brier|regret|rmsle|divergence|kl|hinge|deviance|cost|mlogloss|merror|l1|l2)(?:$|[^a-z])/
const UP =
  /(?:^|[^a-z])(?:acc|accuracy|auc|auroc|auprc|aucpr|f1|fbeta|precision|recall|map|ndcg|mrr|iou|miou|dice|bleu|rouge|r2|score|reward|return|ssim|psnr|sensitivity|specificity|kappa|mcc|hits|top1|top5|average_precision|ap|em|spearman|pearson|correlation)(?:$|[^a-z])/

/**
 * The goal that a metric's name tells: losses and errors should fall, accuracies and areas rise. Seconds, learning rates and
 * counts are neutral. `val_acc`, `eval/F1`, `neg_mean_squared_error` and `top5_error` come out as people mean them.
 */
export function goalOf(key: string): Goal {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[@].*$/, '')
  if (/(?:^|[^a-z])neg[_-]/.test(name)) return 'up'
  if (DOWN.test(name) || /(?:loss|error)$/.test(name)) return 'down'
  if (UP.test(name)) return 'up'
  return 'neutral'
}

/** How soon a metric is looked at, least first: what is validated before what is trained, metrics with a goal before those without. */
export function metricRank(key: string): number {
  if (goalOf(key) === 'neutral') return 2
  return /^(val|valid|validation|eval|test|dev)[_./-]/.test(key) ? 0 : 1
}
