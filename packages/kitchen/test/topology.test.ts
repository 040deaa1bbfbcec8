import { expect, test } from 'vitest'
import { embeddedLayout } from '../src/embedded/layout.ts'
import { DEFAULT_PORTS, HOP_NAMES, HOPS, proxyDefinitions, SERVICES, serviceEnvironment } from '../src/index.ts'

const layout = embeddedLayout({ ...DEFAULT_PORTS }, 'se/cret')

test('the order service reaches everything through the proxy of its hop', () => {
  expect(serviceEnvironment('order', layout)).toEqual({
    SERVICE_NAME: 'order',
    OTEL_SERVICE_NAME: 'order',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:3000',
    HOST: '127.0.0.1',
    PORT: '8101',
    KITCHEN: '1',
    MENU_URL: 'http://127.0.0.1:8002',
    LOYALTY_URL: 'http://127.0.0.1:8003',
    DATABASE_URL: 'postgres://kitchen:se%2Fcret@127.0.0.1:8011/order',
  })
})

test('each service has its own database, and no address of another that it does not call', () => {
  for (const name of SERVICES) {
    const { DATABASE_URL, MENU_URL, LOYALTY_URL } = serviceEnvironment(name, layout)
    expect(new URL(DATABASE_URL ?? '').pathname).toBe(`/${name}`)
    if (name !== 'order') expect([MENU_URL, LOYALTY_URL]).toEqual([undefined, undefined])
  }
})

test('every hop has a proxy from a port of its own to what it leads to', () => {
  const definitions = proxyDefinitions(layout)
  expect(definitions.map(({ name }) => name)).toEqual([...HOP_NAMES])
  expect(HOPS.map(({ name }) => name)).toEqual([...HOP_NAMES])
  expect(definitions[3]).toEqual({
    name: 'order-postgres',
    listen: '127.0.0.1:8011',
    upstream: '127.0.0.1:54320',
    enabled: true,
  })
})

test('no port is used twice', () => {
  const ports = Object.values(DEFAULT_PORTS)
  expect(new Set(ports).size).toBe(ports.length)
})
