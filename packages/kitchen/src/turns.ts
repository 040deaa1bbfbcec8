import { StageError } from './stage.ts'

/** Restarts and resets of one restaurant: they do not overlap, and a restart gives up what is under way. */
export class Turns {
  readonly #underWay = new Set<AbortController>()
  #last: Promise<unknown> = Promise.resolve()

  /** Runs once nothing else does. @throws StageError `superseded` when it was given up, whatever it was doing */
  take(work: (given: AbortSignal) => Promise<void>): Promise<void> {
    const given = new AbortController()
    this.#underWay.add(given)
    const done = this.#last
      .then(() => {
        given.signal.throwIfAborted()
        return work(given.signal)
      })
      .catch((error) => {
        throw given.signal.aborted ? given.signal.reason : error
      })
      .finally(() => this.#underWay.delete(given))
    this.#last = done.catch(() => undefined)
    return done
  }

  /** As `take`, before whatever is under way: that may be waiting for a file that never answers. */
  overtake(work: (given: AbortSignal) => Promise<void>): Promise<void> {
    for (const earlier of this.#underWay) earlier.abort(superseded())
    return this.take(work)
  }
}

function superseded(): StageError {
  return new StageError('superseded', {
    what: 'The order service was restarted with another file meanwhile.',
    meaning: 'Whoever asked last is served.',
    remedy: [],
  })
}
