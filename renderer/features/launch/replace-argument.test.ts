import { expect, it } from 'vitest'
import { replaceArgument } from './replace-argument.ts'

it('keeps each form', () => {
  const command = ['python', 'train.py', '--lr', '0.1', '--batch-size=32', '+model.depth=3', '--lr', '0.2', '--flag']
  expect(replaceArgument(command, 'lr', '0.2', '0.3')?.join(' ')).toBe(
    'python train.py --lr 0.1 --batch-size=32 +model.depth=3 --lr 0.3 --flag',
  )
  expect(replaceArgument(command, 'batch_size', '32', '64')?.[4]).toBe('--batch-size=64')
  expect(replaceArgument(command, 'model.depth', '3', '4')?.[5]).toBe('+model.depth=4')
  expect(replaceArgument(command, 'flag', 'true', 'false')).toBeUndefined()
})
