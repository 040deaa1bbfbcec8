import type { Battery } from '../batteries/index.ts'
import type { Output } from '../cli/output.ts'
import type { RunEvent } from '../run/events.ts'
import { initialState, reduce } from '../run/run-state.ts'
import { liveScreen } from './live.ts'
import { describeEvent } from './plain.ts'
import { renderRunning } from './running.ts'

/** Shows a run while it goes on: in place on a terminal, one line an event elsewhere. */
export interface BatteryView {
  listener(event: RunEvent): void
  /** Leaves the last state in the scroll-back. */
  end(): void
}

const FRAME = 100

export function batteryView(output: Output, battery: Battery, title: string, signal: AbortSignal): BatteryView {
  return output.live ? livingView(output, battery, title, signal) : plainView(output)
}

function plainView({ note }: Output): BatteryView {
  return {
    listener(event) {
      const line = describeEvent(event)
      if (line !== undefined) note(line)
    },
    end: () => {},
  }
}

function livingView({ theme }: Output, battery: Battery, title: string, signal: AbortSignal): BatteryView {
  const screen = liveScreen(process.stdout, signal)
  const startedAt = performance.now()
  let state = initialState(battery)
  let now = 0
  const draw = () => screen.show(renderRunning(theme, state, title, now))
  const timer = setInterval(() => {
    now = performance.now() - startedAt
    draw()
  }, FRAME)
  draw()
  return {
    listener(event) {
      state = reduce(state, event)
      now = event.at
    },
    end() {
      clearInterval(timer)
      draw()
      screen.end()
    },
  }
}
