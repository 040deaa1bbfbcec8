import { expect, test } from 'vitest'
import { circuitBreaker } from '../../src/index.ts'
import { fails, given } from '../../src/testing/index.ts'

test.each([Number.NaN, -1, JSON.parse('"5s"')])(
  'an openFor that returns %s is named, instead of a circuit that never lets a trial call in',
  async (openFor) => {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openFor: () => openFor })
    const subject = given([breaker])
    const { error } = await subject.when(fails()).report()
    expect(error).toMatchObject({ code: 'INVALID_OPTION', policy: 'circuitBreaker', option: 'openFor' })
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(
        /^circuitBreaker: openFor returned .*, but must return a number of milliseconds of at least 0$/,
      ),
    )
    expect([breaker.state, breaker.circuit.openings]).toEqual(['closed', 0])
  },
)
