import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedStage, type Stage } from '@chaos-kitchen/kitchen'
import { countOf } from '../screen/words.ts'
import { UsageError } from './errors.ts'
import type { Context } from './perform.ts'
import { bringUp, withStage } from './with-stage.ts'

/** Some 300 MB each, and a core is busy with two of them. */
const MOST = 16

/**
 * So many restaurants for as long as `work` takes. One is the one of every command. Several are of their own, each with
 * a temporary home and free ports of its own; however `work` ends, they end with it and leave nothing.
 *
 * @param orderService the file that their order services start with
 * @throws UsageError where there can't be so many
 */
export async function withStages<T>(
  context: Context,
  { count, orderService }: { count: number; orderService: string },
  work: (stages: readonly Stage[]) => Promise<T>,
): Promise<T> {
  if (count === 1) return withStage(context, orderService, ({ stage }) => work([stage]))
  refuse(context, count)
  const newFolder = () => mkdtemp(join(tmpdir(), 'chaos-kitchen-'))
  const folders = await Promise.all(Array.from({ length: count }, newFolder))
  const stages = await Promise.all(folders.map((folder) => createEmbeddedStage(folder)))
  const [first, ...others] = stages
  const quiet = { show: () => {}, end: () => {} }
  const onFreePorts = { ...context, options: { ...context.options, portBase: '0' } }
  try {
    // What all restaurants share is made by the first one.
    if (first !== undefined) await bringUp(first, onFreePorts, { orderService })
    await allOrNone(others.map((stage) => bringUp(stage, onFreePorts, { orderService, progress: quiet })))
    context.output.note(`${countOf(count, 'restaurant')} side by side`)
    return await work(stages)
  } finally {
    await allOrNone(stages.map((stage) => stage.down()))
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}

/** Waits for all of them, whatever becomes of one. @throws what the first of them failed with */
async function allOrNone(promises: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function refuse({ options: { docker } }: Context, count: number): void {
  if (docker)
    throw new UsageError('There is one restaurant on Docker, not several side by side.', {
      remedy: ['Leave --docker or --concurrency out.'],
    })
  if (count > MOST)
    throw new UsageError(`${count} restaurants are more than fit.`, { remedy: [`--concurrency 4    at most ${MOST}`] })
}
