import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { invalidToxic } from '../errors.ts'
import type { Effect, Place } from './effect.ts'

export type Attributes<Name extends string = string> = Readonly<Record<Name, number>>

/** What a toxic's file declares. */
export interface Definition<Name extends string> {
  readonly type: string
  /** Each attribute and its unit. All are integers ≥ 0, and 0 when not given. */
  readonly attributes: Readonly<Record<Name, string>>
  /** The rule between attributes that these break, if any. */
  broken?(attributes: Attributes<Name>): string | undefined
  /** How many chunks it may hold. Default 1; more only where a stream has to keep flowing while it is delayed. */
  readonly capacity?: number
  /** Whether what it holds when its attributes change passes at once. Default true. */
  readonly releasesOnChange?: boolean
  /** It never passes data on, so it is asked even when there is no room behind it. Default false. */
  readonly neverPasses?: boolean
  /** Whether removing it ends the streams that it is on. Default false. */
  readonly closesOnRemoval?: boolean
  /** Whether a connection that has it from its start is closed by a reset. Default false. */
  readonly resets?: boolean
  effect(attributes: Attributes<Name>, place: Place): Effect
}

/** A toxic that can be used: its declaration with the defaults filled in, and its attributes' names closed over. */
export interface Kind<Name extends string = string>
  extends Required<Omit<Definition<string>, 'attributes' | 'broken' | 'effect'>> {
  /** Each attribute and its unit. */
  readonly units: Readonly<Record<Name, string>>
  /**
   * Reads attributes from outside, over those that hold already. As in Toxiproxy, unknown names are ignored and null
   * changes nothing.
   *
   * @throws ChaosProxyError INVALID_TOXIC with the rule that they break
   */
  settle(given: unknown, current?: Attributes): Settled
}

/** Attributes that were checked, and the effect that they have. */
export interface Settled {
  readonly attributes: Attributes
  effect(place: Place): Effect
}

const Given = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null(), Type.Undefined()])
const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export function defineToxic<Name extends string>(definition: Definition<Name>): Kind<Name> {
  const { type, attributes: units, broken, effect, ...rest } = definition
  const names = Object.keys(units)
  return {
    type,
    capacity: 1,
    releasesOnChange: true,
    neverPasses: false,
    closesOnRemoval: false,
    resets: false,
    ...rest,
    units,
    settle(given, current = {}) {
      if (!Check(Given, given)) throw invalidToxic('attributes must be an object')
      const attributes: Partial<Record<string, number>> = {}
      for (const name of names) {
        const value = given?.[name] ?? current[name] ?? 0
        if (!Check(Whole, value)) throw invalidToxic(`${type}: ${name} must be an integer ≥ 0, not ${show(value)}`)
        attributes[name] = value
      }
      if (!isComplete(attributes, units)) throw new Error(`${type}: attributes are missing`)
      const rule = broken?.(attributes)
      if (rule !== undefined) throw invalidToxic(`${type}: ${rule}`)
      return { attributes, effect: (place) => effect(attributes, place) }
    },
  }
}

function isComplete<Name extends string>(
  values: Partial<Record<string, number>>,
  units: Readonly<Record<Name, string>>,
): values is Record<Name, number> {
  return Object.keys(units).every((name) => name in values)
}

/** A value as its sender wrote it, short enough for an error message. */
const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 40) ?? String(value)
