import { DEADLINE_HEADER } from '../../deadline/deadline-header.ts'
import { OptionTable } from '../../options/option-table.ts'
import { aFunction, aHeaderOrFalse } from '../../options/rules.ts'

/** What the adapters for HTTP clients can be told besides the pipeline. */
export interface HttpRules {
  /**
   * Which replies count as failures, for the policies only: the caller gets the last one as the reply that it is.
   * Default: 408, 425, 429 and 5xx except 501.
   */
  isFailure?: (status: number) => boolean
  /** The header that tells the callee how many milliseconds are left. Default `x-deadline-ms`; false: none. */
  deadlineHeader?: string | false
}

export interface HttpSettings {
  isFailure: (status: number) => boolean
  /** In lower case. */
  deadlineHeader: string | undefined
}

export function settleHttpRules(adapter: string, rules: HttpRules): HttpSettings {
  const { isFailure, deadlineHeader } = optionsOf(adapter).create(rules)
  return { isFailure, deadlineHeader: deadlineHeader === false ? undefined : deadlineHeader.toLowerCase() }
}

export function isFailureStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501)
}

function optionsOf(adapter: string): OptionTable<HttpRules> {
  return new OptionTable<HttpRules>(adapter, {
    isFailure: { rule: aFunction, default: isFailureStatus },
    deadlineHeader: { rule: aHeaderOrFalse, default: DEADLINE_HEADER },
  })
}
