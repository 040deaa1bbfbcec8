import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { FatalError, readEnvironment, ServiceEnvironment } from '../src/index.ts'

const complete = { SERVICE_NAME: 'menu', PORT: '4001', DATABASE_URL: 'postgres://kitchen@127.0.0.1/menu' }

test('numbers are numbers, defaults are filled in, other variables are left alone', () => {
  expect(readEnvironment(ServiceEnvironment, { ...complete, HOME: '/home/someone', LOG_LEVEL: '' })).toEqual({
    SERVICE_NAME: 'menu',
    PORT: 4001,
    DATABASE_URL: 'postgres://kitchen@127.0.0.1/menu',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
  })
})

test.each([
  [{ ...complete, PORT: 'abc' }, 'PORT="abc" must be integer'],
  [{ ...complete, PORT: '70000' }, 'PORT="70000" must be <= 65535'],
  [{ ...complete, PORT: '' }, 'PORT not set'],
  [{ ...complete, DATABASE_URL: 'mysql://x' }, 'DATABASE_URL="mysql://x" must match pattern'],
  [{ ...complete, KITCHEN: 'yes' }, 'KITCHEN="yes" must be equal to one of the allowed values'],
  [{}, 'SERVICE_NAME, PORT, DATABASE_URL not set'],
])('%j is refused by name', (environment, words) => {
  const read = () => readEnvironment(ServiceEnvironment, environment)
  expect(read).toThrow(FatalError)
  expect(read).toThrow(words)
})

test("a service's own variables are read with the others", () => {
  const schema = Type.Object({ ...ServiceEnvironment.properties, MENU_URL: Type.String() })
  expect(readEnvironment(schema, { ...complete, MENU_URL: 'http://127.0.0.1:1' }).MENU_URL).toBe('http://127.0.0.1:1')
  expect(() => readEnvironment(schema, complete)).toThrow('MENU_URL not set')
})
