import { expect, it } from 'vitest'
import { looksWrong } from './log-words.tsx'

it.each([
  ['UserWarning: lbfgs failed to converge', true],
  ['/opt/x.py:12: RuntimeWarning: overflow', true],
  ["train.py: error: argument --lr: invalid float value: 'oops'", true],
  ['Traceback (most recent call last):', true],
  ['torch.cuda.OutOfMemoryError: CUDA out of memory', true],
  ['[ERROR] no such file', true],
  ['epoch 3 loss nan', true],
  ['epoch 3 val_error 0.31 mean error 0.2', false],
  ['epoch 3 train_loss 0.41 val_acc 0.87', false],
  ['0 errors, 0 warnings', false],
  ['banana', false],
])('%s', (line, wrong) => {
  expect(looksWrong(line)).toBe(wrong)
})
