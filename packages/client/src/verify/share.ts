/**
 * Whoever is free does the next task. What came of them is told in the order of the tasks, one at a time, however they
 * ended.
 *
 * @throws what the first task failed with, once all that were under way have ended
 */
export async function shareInOrder<Worker, Task, Result extends object>(
  workers: readonly Worker[],
  tasks: readonly Task[],
  perform: (worker: Worker, task: Task) => Promise<Result>,
  told: (result: Result, index: number) => Promise<void>,
): Promise<void> {
  const waiting = new Map<number, Result>()
  const queue = tasks.entries()
  let next = 0
  let telling = Promise.resolve()
  let failed = false

  const tell = async (): Promise<void> => {
    for (let result = waiting.get(next); result !== undefined; result = waiting.get(next)) {
      waiting.delete(next)
      await told(result, next++)
    }
  }
  const work = async (worker: Worker): Promise<void> => {
    for (const [index, task] of queue) {
      if (failed) return
      try {
        waiting.set(index, await perform(worker, task))
        telling = telling.then(tell)
        await telling
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(workers.map(work))
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
