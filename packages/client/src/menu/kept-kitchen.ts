import type { Context } from '../cli/perform.ts'
import { bringUp, type Kitchen, openStage } from '../cli/with-stage.ts'

/** The restaurant of a menu: starts behind it, serves everything that is chosen, ends with it. */
export interface KeptKitchen {
  /** In a word, for the header. */
  state(): string
  /** Resolves once it can be used; shows what is awaited meanwhile. */
  ready(orderService: string): Promise<Kitchen>
  close(): Promise<void>
}

export async function keepKitchen(context: Context, orderService: string): Promise<KeptKitchen> {
  const stage = openStage(context)
  const { running } = await stage.status()
  let state = 'starting'
  const quiet = { onProgress: () => {}, signal: context.signal, orderService }
  const opening = stage.up(quiet).then(
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
      if (state === 'starting') context.output.note('waiting for the restaurant …')
      await opening
      // A start that failed is tried again here, where its error can be told.
      if (state !== 'ready') await bringUp(stage, context, { orderService: file })
      state = 'ready'
      await stage.useOrderService(file)
      return { stage, home: stage.home.folder, stays: true }
    },
    async close() {
      await opening
      if (!running) await stage.down()
    },
  }
}
