import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { shareInOrder } from '../src/verify/share.ts'

const tasks = Array.from({ length: 12 }, (_, index) => index)

test('whoever is free takes the next task, and all are told in order', async () => {
  const done: string[] = []
  const told: number[] = []
  await shareInOrder(
    ['slow', 'quick'],
    tasks,
    async (worker, task) => {
      await sleep(worker === 'slow' ? 60 : 5)
      done.push(worker)
      return { task }
    },
    async ({ task }, index) => {
      expect(task).toBe(index)
      await sleep(1)
      told.push(task)
    },
  )
  expect(told).toEqual(tasks)
  expect(done.filter((worker) => worker === 'quick').length).toBeGreaterThan(6)
})

test('after a failure no further task begins, and those under way are waited for', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const sharing = shareInOrder(
    ['a', 'b'],
    tasks,
    async (_, task) => {
      begun.push(task)
      if (task === 1) throw new Error('the house is on fire')
      await sleep(50)
      ended.push(task)
      return { task }
    },
    async () => {},
  )
  await expect(sharing).rejects.toThrow('the house is on fire')
  expect(begun).toEqual([0, 1])
  expect(ended).toEqual([0])
})

test('who listens may fail as well', async () => {
  const sharing = shareInOrder(
    ['a'],
    tasks,
    async (_, task) => ({ task }),
    async ({ task }) => {
      if (task === 3) throw new Error('the disk is full')
    },
  )
  await expect(sharing).rejects.toThrow('the disk is full')
})
