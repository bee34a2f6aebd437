/** A server as people write it in short, `localhost:5000` or `gpu-box:5000/mlflow`, as its address; any other text as it is. */
export function serverPlace(text: string): string {
  return /^([\w.-]+|\[[0-9a-f:]+\]):\d{2,5}([/?#].*)?$/i.test(text) ? `http://${text}` : text
}
