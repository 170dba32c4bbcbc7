package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.boot.autoconfigure.client.InjectionPoints.Wanted;
import java.lang.reflect.Method;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Registers a bean for each client that a bean asks for by {@link TtrpcClient}, so that plain injection finds it: a lazy definition with a
 * factory method, qualified by the annotation, and no candidate where it is absent. Definitions of that kind survive ahead-of-time
 * processing, after which this finds them there and registers nothing.
 *
 * <p>Works when all definitions are registered and nothing is instantiated. Where the application has its own bean of the type
 * that has the channel's name, that one is injected.
 */
final class TtrpcClientBeanRegistrar implements BeanDefinitionRegistryPostProcessor {
    private static final Log logger = LogFactory.getLog(TtrpcClientBeanRegistrar.class);
    private static final String FACTORY_BEAN = "ttrpcClientFactory";

    /** No bean of these asks for a client; looking at them costs time. */
    private static final String[] FRAMEWORKS = {
        "org.springframework.", "java.", "javax.", "jakarta.", "io.micrometer.", "io.netty."
    };

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        // the definitions are not complete yet
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        InjectionPoints points = new InjectionPoints();
        for (String name : beans.getBeanDefinitionNames()) {
            try {
                collect(beans, name, points);
            } catch (BeansException | LinkageError e) {
                logger.debug("Bean '" + name + "' cannot be searched for @TtrpcClient, and not be created either", e);
            }
        }
        if (!points.wanted().isEmpty()) {
            String factory = factoryBean(beans);
            points.wanted().forEach(wanted -> register((BeanDefinitionRegistry) beans, wanted, factory));
        }
    }

    private static void collect(ConfigurableListableBeanFactory beans, String name, InjectionPoints points) {
        BeanDefinition definition = beans.getBeanDefinition(name);
        if (definition.getFactoryMethodName() != null) {
            collectFactoryMethods(beans, definition, points);
        }
        Class<?> type = beans.getType(name, false);
        if (type != null && !isFramework(type.getName()) && !type.isInterface()) {
            points.addType(ClassUtils.getUserClass(type));
        }
    }

    private static void collectFactoryMethods(
            ConfigurableListableBeanFactory beans, BeanDefinition definition, InjectionPoints points) {
        String owner = owner(beans, definition);
        if (owner == null || isFramework(owner)) {
            return;
        }
        Class<?> type = ClassUtils.getUserClass(ClassUtils.resolveClassName(owner, beans.getBeanClassLoader()));
        for (Method method : ReflectionUtils.getAllDeclaredMethods(type)) {
            if (method.getName().equals(definition.getFactoryMethodName())) {
                points.addFactoryMethod(method, type);
            }
        }
    }

    /** The name of the class that has the factory method. */
    private static @Nullable String owner(ConfigurableListableBeanFactory beans, BeanDefinition definition) {
        if (definition instanceof AnnotatedBeanDefinition annotated) {
            MethodMetadata method = annotated.getFactoryMethodMetadata();
            if (method != null) {
                return method.getDeclaringClassName();
            }
        }
        String factoryBean = definition.getFactoryBeanName();
        Class<?> type = factoryBean == null ? null : beans.getType(factoryBean, false);
        return type == null ? definition.getBeanClassName() : type.getName();
    }

    private static boolean isFramework(String className) {
        for (String framework : FRAMEWORKS) {
            if (className.startsWith(framework)) {
                return true;
            }
        }
        return false;
    }

    private static String factoryBean(ConfigurableListableBeanFactory beans) {
        String[] names = beans.getBeanNamesForType(TtrpcClientFactory.class, true, false);
        return names.length == 1 ? names[0] : FACTORY_BEAN;
    }

    private static void register(BeanDefinitionRegistry registry, Wanted wanted, String factoryBean) {
        String name = wanted.channel() + "#" + wanted.type().getName();
        if (registry.containsBeanDefinition(name) || isProvided(registry, wanted)) {
            return;
        }
        RootBeanDefinition definition = new RootBeanDefinition(wanted.type());
        definition.setFactoryBeanName(factoryBean);
        definition.setFactoryMethodName("create");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, wanted.channel());
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, wanted.type());
        definition.addQualifier(new AutowireCandidateQualifier(TtrpcClient.class, wanted.channel()));
        definition.setDefaultCandidate(false);
        definition.setLazyInit(true);
        registry.registerBeanDefinition(name, definition);
    }

    /** Whether the application has a bean of the type that the qualifier fits: one that carries it, or has the channel's name. */
    private static boolean isProvided(BeanDefinitionRegistry registry, Wanted wanted) {
        ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
        for (String name : beans.getBeanNamesForType(wanted.type(), true, false)) {
            if (name.equals(wanted.channel()) || wanted.channel().equals(qualifier(registry, name))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object qualifier(BeanDefinitionRegistry registry, String name) {
        if (registry.containsBeanDefinition(name)
                && registry.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
            AutowireCandidateQualifier qualifier = definition.getQualifier(TtrpcClient.class.getName());
            return qualifier == null ? null : qualifier.getAttribute(AutowireCandidateQualifier.VALUE_KEY);
        }
        return null;
    }
}
