package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.spring.TtrpcEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Finds the beans marked with {@link TtrpcEndpoint} and the contracts they serve. */
final class TtrpcEndpointDiscoverer {
    private final ListableBeanFactory beans;

    TtrpcEndpointDiscoverer(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * The endpoints in the order of their bean definitions.
     *
     * @throws FailureAnalyzedException for a bean that serves nothing, or one service by two contracts
     */
    List<TtrpcEndpointBean> discover() {
        List<TtrpcEndpointBean> endpoints = new ArrayList<>();
        for (String name : beans.getBeanNamesForAnnotation(TtrpcEndpoint.class)) {
            if (!ScopedProxyUtils.isScopedTarget(name)) {
                endpoints.add(endpoint(name));
            }
        }
        return endpoints;
    }

    private TtrpcEndpointBean endpoint(String name) {
        Object bean = beans.getBean(name);
        TtrpcEndpoint settings = Objects.requireNonNull(beans.findAnnotationOnBean(name, TtrpcEndpoint.class));
        if (bean instanceof ServiceDefinition) {
            return definition(name, bean, settings);
        }
        List<ServedContract> contracts = ServedContract.of(bean.getClass());
        if (contracts.isEmpty()) {
            throw new FailureAnalyzedException(
                    "Bean '" + name + "' of type " + type(bean)
                            + " is a @TtrpcEndpoint but implements no generated contract.",
                    "Have it implement the interface generated for its service, for example Greeter or GreeterAsync for the service Greeter, or "
                            + "remove @TtrpcEndpoint.");
        }
        checkOneContractForEachService(name, bean, contracts);
        return new TtrpcEndpointBean(name, bean, settings, contracts);
    }

    private static TtrpcEndpointBean definition(String name, Object bean, TtrpcEndpoint settings) {
        if (settings.nonBlocking() || !settings.executor().isEmpty()) {
            throw new FailureAnalyzedException(
                    "Bean '" + name + "' is a ServiceDefinition, but its @TtrpcEndpoint says how its methods run.",
                    "Remove nonBlocking and executor from its @TtrpcEndpoint, and set onEventLoop or executor on the ServiceDefinition's builder.");
        }
        return new TtrpcEndpointBean(name, bean, settings, List.of());
    }

    private static void checkOneContractForEachService(String name, Object bean, List<ServedContract> contracts) {
        Map<Class<?>, ServedContract> seen = new HashMap<>();
        for (ServedContract contract : contracts) {
            ServedContract other = seen.putIfAbsent(contract.generated(), contract);
            if (other != null) {
                throw new FailureAnalyzedException(
                        "Bean '" + name + "' of type " + type(bean) + " implements two contracts of one service: "
                                + other.type().getName() + " and "
                                + contract.type().getName() + ".",
                        "Have it implement one of them.");
            }
        }
    }

    private static String type(Object bean) {
        return AopUtils.getTargetClass(bean).getName();
    }
}
