import { type AnyStage, createStage, type Stage, StageError, type UpProgress } from '@chaos-kitchen/kitchen'
import { cut } from '../screen/layout.ts'
import { liveScreen } from '../screen/live.ts'
import { describeProgress } from '../screen/stage-progress.ts'
import { parsePort } from './numbers.ts'
import { chooseOrderService } from './order-service.ts'
import type { Output } from './output.ts'
import type { Context } from './perform.ts'
import { REPOSITORY } from './repository.ts'

/** The restaurant while a command uses it. */
export interface Kitchen {
  readonly stage: Stage
  /** Folder of its state, reports and traces. */
  readonly home: string
  /** True when it ran before and goes on after this command. */
  readonly stays: boolean
}

/**
 * Starts the restaurant, or adopts the one that runs, for as long as `work` takes.
 *
 * @param orderService the file that the order service starts with
 */
export async function withStage<T>(
  context: Context,
  orderService: string,
  work: (kitchen: Kitchen) => Promise<T>,
): Promise<T> {
  const stage = await openStage(context)
  const { running: stays } = await stage.status()
  try {
    await bringUp(stage, context, { orderService })
    return await work({ stage, home: stage.home.folder, stays })
  } catch (error) {
    // One that stays is not left without its order service because of a file that cannot be loaded.
    if (stays && error instanceof StageError && error.location !== undefined)
      await stage.useOrderService(chooseOrderService('starting', REPOSITORY).file)
    throw error
  } finally {
    if (!stays) await stage.down()
  }
}

/** @throws UsageError for a port that is none */
export async function openStage({ options: { docker = false, portBase } }: Context): Promise<AnyStage> {
  if (portBase !== undefined) parsePort(portBase)
  return createStage({ docker })
}

interface BringUpOptions {
  readonly orderService?: string
  readonly detached?: boolean
  /** On the screen by default. */
  readonly progress?: Progress
}

export async function bringUp(
  stage: Stage,
  { options, output, signal }: Context,
  { orderService, detached = false, progress = showProgress(output, signal) }: BringUpOptions,
): Promise<void> {
  const began = performance.now()
  try {
    await stage.up({
      ...{ signal, detached, onProgress: progress.show },
      ...(orderService !== undefined && { orderService }),
      ...(options.portBase !== undefined && { portBase: parsePort(options.portBase) }),
    })
    progress.end(`restaurant ready ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  } catch (error) {
    progress.end()
    throw error
  }
}

export interface Progress {
  show(progress: UpProgress): void
  /** @param summary what stays on the screen; what was shown last where there is none */
  end(summary?: string): void
}

/** In place on a terminal; elsewhere one line whenever something became ready. */
export function showProgress({ live, note, theme }: Output, signal: AbortSignal): Progress {
  const screen = live ? liveScreen(process.stdout, signal) : undefined
  const notes: string[] = []
  let told = -1
  const draw = (text: string) =>
    screen?.show([...notes, text].map((line) => ` ${theme.dim(cut(theme.plain(line), theme.width - 2))}`))
  return {
    show(progress) {
      const text = describeProgress(progress)
      const news = progress.note !== undefined && !notes.includes(progress.note) ? progress.note : undefined
      if (news !== undefined) notes.push(news)
      draw(text)
      if (!live && news !== undefined) note(news)
      if (!live && progress.ready.length !== told) note(text)
      told = progress.ready.length
    },
    end(summary) {
      if (summary !== undefined) draw(summary)
      screen?.end()
    },
  }
}
