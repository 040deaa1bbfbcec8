import { identifyProcess, type ProcessIdentity } from '@chaos-kitchen/disruptor/processes'
import type { Home } from '../home.ts'
import type { StageState } from '../read-state.ts'
import { writeState } from '../state-file.ts'

/** Keeps stage.json true: one write at a time, the newest set of children last. */
export class StateKeeper {
  readonly #home: Home
  readonly #fixed: Omit<StageState, 'children'>
  readonly #identities = new Map<number, Promise<ProcessIdentity | undefined>>()
  #children: ReadonlyMap<string, number> = new Map()
  #writing: Promise<void> | undefined
  #again = false

  constructor(home: Home, fixed: Omit<StageState, 'children'>) {
    this.#home = home
    this.#fixed = fixed
  }

  update(children: ReadonlyMap<string, number>): void {
    this.#children = children
    // At once: a process that ends meanwhile could have been replaced by another of the same pid.
    for (const pid of children.values()) if (!this.#identities.has(pid)) this.#identities.set(pid, identifyProcess(pid))
    this.#again = true
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
  }

  /** Resolves once what was last told is written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#again) {
      this.#again = false
      const children: StageState['children'] = {}
      for (const [name, pid] of this.#children) {
        const identity = await this.#identities.get(pid)
        if (identity) children[name] = { pid, ...(identity.started !== undefined && { started: identity.started }) }
      }
      await writeState(this.#home, { ...this.#fixed, children })
    }
  }
}
