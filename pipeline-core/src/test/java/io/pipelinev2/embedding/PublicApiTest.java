package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What core's module descriptor exports to everyone is its API: little, closed, and the one that the decision lists. */
class PublicApiTest {

    private static final int MOST = 40;
    private static final Path DECISION = Path.of("../docs/decisions/0020-public-api.md");

    /** What only this project's own modules can call, because they alone see the types; see the decision. */
    private static final Set<String> FOR_OUR_OWN_MODULES = Set.of(
            "io.pipelinev2.core.Pipeline$Builder.breaker: io.pipelinev2.core.execution.StageBreaker",
            "io.pipelinev2.core.Pipeline$Builder.deployer: io.pipelinev2.core.deployment.Deployer",
            "io.pipelinev2.core.Pipeline$Builder.identity: io.pipelinev2.core.execution.RunnerIdentity",
            "io.pipelinev2.core.Pipeline$Builder.liveness: io.pipelinev2.core.execution.RunnerLiveness");

    @Test
    void there_are_at_most_40_public_types_and_the_decision_lists_them_all() throws Exception {
        Set<String> listed = new TreeSet<>();
        List<String> page = Files.readAllLines(DECISION);
        int from = page.indexOf("```");
        for (String line : page.subList(
                from + 1, from + 1 + page.subList(from + 1, page.size()).indexOf("```"))) {
            String[] words = line.trim().split("[: ]+");
            Arrays.stream(words).skip(1).forEach(name -> listed.add(words[0] + "." + name));
        }

        Set<String> there = new TreeSet<>();
        for (Class<?> type : api()) {
            there.add(type.getCanonicalName());
        }

        assertThat(there).as("the API, as the decision lists it").isEqualTo(listed);
        assertThat(api().stream().filter(type -> !type.isMemberClass()))
                .as("public types that are not nested in another")
                .hasSizeLessThanOrEqualTo(MOST);
    }

    @Test
    void its_signatures_hold_nothing_but_the_api_itself_and_the_java_platform() throws Exception {
        Set<Class<?>> api = Set.copyOf(api());
        Set<String> strangers = new TreeSet<>();
        for (Class<?> type : api) {
            for (Member member : members(type)) {
                for (Class<?> used : member.types()) {
                    if (!api.contains(used) && !ofThePlatform(used)) {
                        strangers.add(type.getName() + "." + member.name() + ": " + used.getName());
                    }
                }
            }
        }

        assertThat(strangers).isEqualTo(FOR_OUR_OWN_MODULES);
    }

    @Test
    void the_module_needs_two_others_and_hands_on_the_annotations_alone() {
        assertThat(descriptor().requires().stream()
                        .filter(required -> !required.name().equals("java.base"))
                        .map(ModuleDescriptor.Requires::name))
                .containsExactlyInAnyOrder("org.jspecify", "org.slf4j");
        assertThat(descriptor().requires().stream()
                        .filter(required ->
                                required.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
                        .map(ModuleDescriptor.Requires::name))
                .containsExactly("org.jspecify");
    }

    private record Member(String name, Set<Class<?>> types) {}

    /** What those outside see of a type. */
    private static List<Member> members(Class<?> type) {
        List<Member> members = new ArrayList<>();
        members.add(member(
                "extends",
                Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))));
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            if (visible(each.getModifiers())) {
                members.add(member(
                        "new",
                        Stream.of(each.getGenericParameterTypes(), each.getGenericExceptionTypes())
                                .flatMap(Arrays::stream)));
            }
        }
        for (Method each : type.getDeclaredMethods()) {
            if (visible(each.getModifiers()) && !each.isSynthetic()) {
                members.add(member(
                        each.getName(),
                        Stream.of(
                                        each.getGenericParameterTypes(),
                                        each.getGenericExceptionTypes(),
                                        new Type[] {each.getGenericReturnType()},
                                        each.getTypeParameters())
                                .flatMap(Arrays::stream)));
            }
        }
        Arrays.stream(type.getDeclaredFields())
                .filter(field -> visible(field.getModifiers()))
                .forEach(field -> members.add(member(field.getName(), Stream.of(field.getGenericType()))));
        return members;
    }

    private static Member member(String name, Stream<? extends Type> types) {
        Set<Class<?>> named = new HashSet<>();
        types.forEach(type -> collect(type, named));
        return new Member(name, named);
    }

    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof Class<?> plain) {
            into.add(innermost(plain));
        } else if (type instanceof ParameterizedType generic) {
            collect(generic.getRawType(), into);
            Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> collect(argument, into));
        } else if (type instanceof GenericArrayType array) {
            collect(array.getGenericComponentType(), into);
        } else if (type instanceof WildcardType any) {
            Stream.of(any.getUpperBounds(), any.getLowerBounds())
                    .flatMap(Arrays::stream)
                    .forEach(bound -> collect(bound, into));
        } else if (type instanceof TypeVariable<?> variable) {
            Arrays.stream(variable.getBounds())
                    .filter(bound -> bound instanceof Class<?>)
                    .forEach(bound -> collect(bound, into));
        }
    }

    private static Class<?> innermost(Class<?> type) {
        return type.isArray() ? innermost(type.getComponentType()) : type;
    }

    private static boolean visible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static boolean ofThePlatform(Class<?> type) {
        return type.isPrimitive() || type.getName().startsWith("java.");
    }

    /** The public types of the packages that are exported to everyone, those nested in public ones included. */
    private static List<Class<?>> api() throws Exception {
        List<Class<?>> types = new ArrayList<>();
        for (Exports exported : descriptor().exports()) {
            if (!exported.isQualified()) {
                types.addAll(publicTypes(exported.source()));
            }
        }
        return types;
    }

    private static List<Class<?>> publicTypes(String name) throws Exception {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes().resolve(name.replace('.', '/')))) {
            for (String file : files.map(path -> path.getFileName().toString()).toList()) {
                if (file.endsWith(".class")) {
                    Class<?> type = Class.forName(name + "." + file.substring(0, file.length() - ".class".length()));
                    if (isVisible(type)) {
                        types.add(type);
                    }
                }
            }
        }
        return types;
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return visible(type.getModifiers())
                && !type.isSynthetic()
                && !type.isAnonymousClass()
                && (outer == null || isVisible(outer));
    }

    private static ModuleDescriptor descriptor() {
        return ModuleFinder.of(classes())
                .find("io.pipelinev2.core")
                .orElseThrow()
                .descriptor();
    }

    private static Path classes() {
        try {
            return Path.of(Pipeline.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
