import type { Clock } from '../clock.ts'
import { invalidToxic, toxicExists, toxicNotFound } from '../errors.ts'
import { DIRECTIONS } from '../stream/direction.ts'
import type { Toxic } from './toxic.ts'

/** Each passes data to the next by a call, and calls nest only so deep. */
const MOST = 1000

/** The toxics of one proxy: a chain for each direction, in the order in which they were added. */
export class ToxicCollection {
  readonly #toxics: Toxic[] = []
  readonly #clock: Clock
  readonly #expired: (toxic: Toxic) => void
  readonly #expiries = new Map<Toxic, () => void>()

  /** @param expired called when a toxic's time is over; it is for the caller to remove it */
  constructor(clock: Clock, expired: (toxic: Toxic) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  /** Upstream first, then downstream, each in order. */
  list(): Toxic[] {
    return DIRECTIONS.flatMap((direction) => this.#toxics.filter((toxic) => toxic.direction === direction))
  }

  /** @throws ChaosProxyError TOXIC_NOT_FOUND */
  get(name: string): Toxic {
    const toxic = this.#toxics.find((candidate) => candidate.name === name)
    if (toxic === undefined) throw toxicNotFound()
    return toxic
  }

  /** @throws ChaosProxyError TOXIC_EXISTS when another one has that name, in whichever direction; INVALID_TOXIC when full */
  add(toxic: Toxic): void {
    if (this.#toxics.some(({ name }) => name === toxic.name)) throw toxicExists()
    if (this.#toxics.length >= MOST) throw invalidToxic(`a proxy has at most ${MOST} toxics`)
    this.#toxics.push(toxic)
    this.restartExpiry(toxic)
  }

  remove(toxic: Toxic): void {
    const index = this.#toxics.indexOf(toxic)
    if (index >= 0) this.#toxics.splice(index, 1)
    this.#stopExpiry(toxic)
  }

  /** Its time starts anew, from now. */
  restartExpiry(toxic: Toxic): void {
    this.#stopExpiry(toxic)
    if (toxic.scope.expiresIn === undefined) return
    const time = this.#clock.now() + toxic.scope.expiresIn
    this.#expiries.set(
      toxic,
      this.#clock.at(time, () => this.#expired(toxic)),
    )
  }

  /** No toxic expires any more. */
  dispose(): void {
    for (const toxic of this.#toxics) this.#stopExpiry(toxic)
  }

  #stopExpiry(toxic: Toxic): void {
    this.#expiries.get(toxic)?.()
    this.#expiries.delete(toxic)
  }

  has(toxic: Toxic): boolean {
    return this.#toxics.includes(toxic)
  }

  /** Those behind it in its chain. */
  after(toxic: Toxic): Toxic[] {
    return this.#toxics
      .slice(this.#toxics.indexOf(toxic) + 1)
      .filter((candidate) => candidate.direction === toxic.direction)
  }
}
