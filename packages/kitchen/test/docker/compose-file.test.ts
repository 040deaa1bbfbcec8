import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPT_IN_LABEL, PROJECT_LABEL } from '@chaos-kitchen/disruptor/containers'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DOCKER_PORTS, dockerLayout, MOUNT, PUBLISHED, portVariable } from '../../src/docker/layout.ts'
import { REPOSITORY } from '../../src/embedded/home.ts'
import { MEMORY_LIMIT } from '../../src/embedded/parts/explain-end.ts'
import { DATABASES, proxyDefinitions, SERVICES, serviceEnvironment } from '../../src/topology.ts'

interface Service {
  image: string
  user?: string
  privileged?: boolean
  labels: Record<string, string>
  command?: string[]
  environment?: Record<string, string>
  ports?: string[]
  volumes?: (string | { source: string; target: string; read_only?: boolean })[]
  networks?: { default: { aliases: string[] } }
  cap_drop?: string[]
  security_opt?: string[]
  mem_limit?: string
  healthcheck?: { test: unknown }
  stdin_open?: boolean
  dns_opt?: string[]
  profiles?: string[]
}
interface ComposeFile {
  services: Record<string, Service>
  configs: Record<string, { content: string }>
  networks: Record<string, { labels: Record<string, string> }>
  volumes: Record<string, { labels: Record<string, string> }>
}

const file: ComposeFile = parse(readFileSync(join(REPOSITORY, 'compose.yaml'), 'utf8'), { merge: true })
const services = Object.entries(file.services)

describe('compose.yaml follows the topology', () => {
  test.each(SERVICES)('the environment of %s', (name) => {
    const { NODE_COMPILE_CACHE, ORDER_IMPLEMENTATION, ...environment } = file.services[name]?.environment ?? {}
    expect(environment).toEqual(serviceEnvironment(name, dockerLayout))
    expect(NODE_COMPILE_CACHE).toMatch(/^\/tmp\//)
    // Passed on where somebody sets it, and absent otherwise.
    expect(ORDER_IMPLEMENTATION ?? null).toBeNull()
  })

  test('what the order service may keep in memory, as on the other stage', () => {
    expect(file.services.order?.command).toContain(`--max-old-space-size=${MEMORY_LIMIT}`)
  })

  test('the proxies', () => {
    expect(JSON.parse(file.configs.hops?.content ?? '')).toEqual(proxyDefinitions(dockerLayout))
  })

  test('the databases', () => {
    const made = [...(file.configs.databases?.content ?? '').matchAll(/CREATE DATABASE "(\w+)"/g)].map(
      ([, name]) => name,
    )
    expect(made.toSorted()).toEqual([...DATABASES].sort())
  })

  test('the published ports, each movable by its variable', () => {
    const expected = Object.entries(PUBLISHED).flatMap(([name, places]) =>
      places.map(({ service, port }) => {
        const key = name as keyof typeof DOCKER_PORTS
        return `${service}: 127.0.0.1:\${${portVariable(key)}:-${DOCKER_PORTS[key]}}:${port}`
      }),
    )
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name}: ${port}`))
    expect(published.toSorted()).toEqual(expected.toSorted())
  })

  test('what the disruptor may stop: the services and PostgreSQL, never a proxy or telemetry', () => {
    const optedIn = services.filter(([, { labels }]) => labels[OPT_IN_LABEL] === 'true').map(([name]) => name)
    expect(optedIn.toSorted()).toEqual([...SERVICES, 'postgres'].sort())
  })

  test('one of two collectors takes the telemetry, at one address', () => {
    expect(file.services.grafana?.profiles).toEqual(['grafana'])
    expect(file.services.grafana?.networks?.default.aliases).toEqual(['collector'])
    expect(file.services.collector?.profiles).toEqual(['no-grafana'])
    expect(readFileSync(join(REPOSITORY, '.env'), 'utf8')).toMatch(/^COMPOSE_PROFILES=grafana$/m)
  })
})

describe('every container', () => {
  test.each(services)('%s is labelled, limited, unprivileged, local and says when it is ready', (name, service) => {
    expect(service.labels[PROJECT_LABEL]).toBe(`$\{COMPOSE_PROJECT_NAME}`)
    expect(service.mem_limit).toMatch(/^\d+[mg]$/)
    expect(service.healthcheck?.test).toBeDefined()
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.privileged).toBeUndefined()
    expect(service.image).toMatch(/:[\w.-]+$/)
    expect(service.image).not.toMatch(/:latest$/)
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(JSON.stringify(service.volumes ?? [])).not.toMatch(/docker\.sock|podman\.sock/)
    // Grafana's image writes beside its programs and keeps its own user.
    if (name !== 'grafana') expect(service.user).toMatch(/^(postgres|nobody|65534:65534|\$\{KITCHEN_UID:-1000\}:.*)$/)
  })

  test.each(SERVICES)('%s sees the repository read-only, and lives for as long as its input is open', (name) => {
    const service = file.services[name]
    expect(service?.volumes).toEqual([{ type: 'bind', source: '.', target: MOUNT, read_only: true }])
    expect(service?.stdin_open).toBe(true)
    expect(service?.dns_opt).toEqual(['ndots:1'])
  })

  test('networks and volumes are labelled too, for whoever removes them', () => {
    for (const { labels } of [...Object.values(file.networks), ...Object.values(file.volumes)])
      expect(labels[PROJECT_LABEL]).toBe(`$\{COMPOSE_PROJECT_NAME}`)
  })
})
