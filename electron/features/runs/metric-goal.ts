const DOWN =
  /(?:^|[^a-z])(?:loss|err|error|mse|rmse|mae|mape|nll|perplexity|ppl|wer|cer|fid|brier|logloss|divergence)(?:$|[^a-z])|(?:loss|error|mse)$/i
const UP =
  /(?:^|[^a-z])(?:acc|accuracy|auc|auroc|auprc|f1|precision|recall|score|map|iou|miou|dice|bleu|rouge|r2|ndcg|mrr|reward|kappa|mcc)(?:$|[^a-z])|(?:acc|accuracy|auc|precision|recall|score)$/i

/** Whether more or less of a metric is better, by its name; neutral where the name says nothing. */
export function goalOf(key: string): 'up' | 'down' | 'neutral' {
  if (DOWN.test(key)) return 'down'
  return UP.test(key) ? 'up' : 'neutral'
}
