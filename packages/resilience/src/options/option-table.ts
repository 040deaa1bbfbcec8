import { checkOptions, OptionError } from './check-options.ts'
import type { Rule } from './rules.ts'
import { show } from './show.ts'

/**
 * Everything about the options of a policy in one place: what each must be, what it is when it is not given, whether it
 * may change later. The one way from what a user gives to what a policy works by.
 *
 * @typeParam Unset the options that may stay without a value
 */
export class OptionTable<Options extends object, Unset extends keyof Options = never> {
  private readonly owner: string
  private readonly options: ReadonlyMap<string, OptionDefinition<unknown>>
  private readonly defaults: object
  private readonly relate: (settings: Settled<Options, Unset>) => void

  /** @param relate throws when options that are right by themselves don't go together */
  constructor(
    owner: string,
    definitions: OptionDefinitions<Options, Unset>,
    relate: (settings: Settled<Options, Unset>) => void = () => {},
  ) {
    this.owner = owner
    this.options = new Map(Object.entries<OptionDefinition<unknown>>(definitions))
    this.defaults = Object.fromEntries([...this.options].map(([name, option]) => [name, defaultOf(option)]))
    this.relate = relate
  }

  /** @throws OptionError for the first option that is unknown, breaks its rule, is missing, or does not go with others */
  create(given: Options): Settled<Options, Unset> {
    return this.settle(this.defaults, given)
  }

  /**
   * The settings with what is given in their place; they themselves stay as they are.
   *
   * @throws OptionError as `create` does, and for an option that holds for the policy's life
   */
  change(settings: Settled<Options, Unset>, given: Partial<Options>): Settled<Options, Unset> {
    const changed = this.settle(settings, given)
    const before = new Map(Object.entries<unknown>(settings))
    for (const [name, value] of Object.entries<unknown>(changed)) {
      if (this.options.get(name)?.fixed && value !== before.get(name))
        throw new OptionError(
          this.owner,
          name,
          `${name} is ${show(before.get(name))} for as long as it lives; for ${show(value)}, make another`,
        )
    }
    return changed
  }

  private settle(base: object, given: Partial<Options>): Settled<Options, Unset> {
    checkOptions(this.owner, given, this.options)
    const settings = { ...base, ...withoutUndefined(given) }
    this.requireAll(settings)
    this.relate(settings)
    return settings
  }

  private requireAll(settings: object): asserts settings is Settled<Options, Unset> {
    const values = new Map<string, unknown>(Object.entries(settings))
    for (const [name, option] of this.options)
      if ('required' in option && values.get(name) === undefined)
        throw new OptionError(this.owner, name, `${name} must be given: ${option.rule.text}`)
  }
}

/** What a policy works by: each option has a value, except those that may stay without. */
export type Settled<Options, Unset extends keyof Options = never> = {
  readonly [Name in keyof Required<Options>]: SettledValue<Options, Unset, Name & keyof Options>
}

type SettledValue<Options, Unset, Name extends keyof Options> = Name extends Unset
  ? Options[Name] | undefined
  : Exclude<Options[Name], undefined>

type OptionDefinitions<Options, Unset extends keyof Options> = {
  readonly [Name in keyof Required<Options>]: OptionDefinition<SettledValue<Options, Unset, Name & keyof Options>>
}

/** `fixed`: holds for as long as the policy lives. */
export type OptionDefinition<Value> = { readonly rule: Rule; readonly fixed?: true } & (
  | { readonly default: Value }
  | { readonly required: true }
)

function defaultOf(option: OptionDefinition<unknown>): unknown {
  return 'default' in option ? option.default : undefined
}

function withoutUndefined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
