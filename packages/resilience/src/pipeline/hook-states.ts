/**
 * What each hook's `enter` returned, for its `exit`. Those of the first four hooks are fields of the call itself: an
 * array for each call would cost more than most policies do.
 */
export class HookStates {
  /** How many hooks are entered; the place of the one that is being entered or left. */
  depth = 0
  private first: unknown = undefined
  private second: unknown = undefined
  private third: unknown = undefined
  private fourth: unknown = undefined
  private further: unknown[] | undefined = undefined

  /** Of the hook at `depth`. */
  get state(): unknown {
    switch (this.depth) {
      case 0:
        return this.first
      case 1:
        return this.second
      case 2:
        return this.third
      case 3:
        return this.fourth
      default:
        return this.further?.[this.depth]
    }
  }

  /** Keeps what belongs to the hook at `depth`, for its `exit`. */
  keep(state: unknown): void {
    switch (this.depth) {
      case 0:
        this.first = state
        break
      case 1:
        this.second = state
        break
      case 2:
        this.third = state
        break
      case 3:
        this.fourth = state
        break
      default:
        this.further ??= []
        this.further[this.depth] = state
    }
  }

  protected copyStates(from: HookStates): void {
    this.depth = from.depth
    this.first = from.first
    this.second = from.second
    this.third = from.third
    this.fourth = from.fourth
    this.further = from.further?.slice()
  }
}
