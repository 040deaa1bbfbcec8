/** A map that drops what was used longest ago when it is full. */
export class BoundedMap<Key, Value> {
  private readonly map = new Map<Key, Value>()
  private maxSize: number

  constructor(maxSize: number) {
    this.maxSize = maxSize
  }

  get size(): number {
    return this.map.size
  }

  /** Counts as a use. */
  get(key: Key): Value | undefined {
    const value = this.map.get(key)
    if (value === undefined) return undefined
    this.map.delete(key)
    this.map.set(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.map.delete(key)
    this.map.set(key, value)
    this.trim()
  }

  delete(key: Key): void {
    this.map.delete(key)
  }

  clear(): void {
    this.map.clear()
  }

  resize(maxSize: number): void {
    this.maxSize = maxSize
    this.trim()
  }

  /** From the one that was used longest ago. */
  entries(): Iterable<[Key, Value]> {
    return this.map.entries()
  }

  private trim(): void {
    for (const key of this.map.keys()) {
      if (this.map.size <= this.maxSize) return
      this.map.delete(key)
    }
  }
}
