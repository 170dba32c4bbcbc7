package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.spring.TtrpcEndpoint;
import java.util.List;

/**
 * A bean marked as endpoint.
 *
 * @param name the bean's name
 * @param bean the bean, behind its proxies
 * @param settings what its annotation says
 * @param contracts the generated contracts it implements; empty where it is a service definition itself
 */
record TtrpcEndpointBean(String name, Object bean, TtrpcEndpoint settings, List<ServedContract> contracts) {}
