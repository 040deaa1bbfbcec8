import { StageError, type UpProgress } from '@chaos-kitchen/kitchen'
import type { Context } from '../cli/perform.ts'
import { bringUp, type Kitchen, openStage, type Progress, showProgress } from '../cli/with-stage.ts'

/** The restaurant of a menu: starts behind it, serves everything that is chosen, ends with it. */
export interface KeptKitchen {
  /** In a word or two, for the header. */
  state(): string
  /** Resolves once the order service of this file cooks; shows what is awaited meanwhile. */
  ready(orderService: string): Promise<Kitchen>
  close(): Promise<void>
}

export async function keepKitchen(context: Context, orderService: string): Promise<KeptKitchen> {
  const stage = await openStage(context)
  const { running } = await stage.status()
  const closed = new AbortController()
  const signal = AbortSignal.any([context.signal, closed.signal])
  const progress = hiddenProgress()
  let state: 'starting' | 'ready' | 'not started' = 'starting'
  const opening = bringUp(stage, { ...context, signal }, { orderService, progress }).then(
    () => {
      state = 'ready'
    },
    () => {
      state = 'not started'
    },
  )
  return {
    state: () => state,
    async ready(file) {
      if (state === 'starting') progress.reveal(showProgress(context.output, context.signal))
      await opening
      // A start that failed is tried again here, where its error can be told.
      if (state !== 'ready') await bringUp(stage, context, { orderService: file })
      state = 'ready'
      await stage.useOrderService(file)
      return { stage, home: stage.home.folder, stays: true }
    },
    async close() {
      closed.abort(new Error('the menu was left'))
      await opening
      if (running) return
      // Where nothing could start, as without an engine, there may be nobody to end it; the next menu is not for that.
      await stage.down().catch((error) => {
        if (state !== 'not started' || !(error instanceof StageError)) throw error
      })
    },
  }
}

/** Behind the menu, until somebody waits for it. */
function hiddenProgress(): Progress & { reveal(on: Progress): void } {
  let screen: Progress | undefined
  let last: UpProgress | undefined
  return {
    show(progress) {
      last = progress
      screen?.show(progress)
    },
    end: (summary) => screen?.end(summary),
    reveal(on) {
      screen = on
      if (last !== undefined) on.show(last)
    },
  }
}
