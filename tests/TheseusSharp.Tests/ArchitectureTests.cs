using NetArchTest.Rules;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests;

/// <summary>Dependencies between parts point down only; folders are namespaces.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "TheseusSharp";

    [Theory]
    [InlineData("Symbolics", "Geometry", "Kernels", "Linear")]
    [InlineData("Geometry", "Kernels", "Linear")]
    [InlineData("Kernels", "Geometry", "Linear")]
    [InlineData("Linear", "Symbolics", "Geometry", "Kernels")]
    public void A_part_does_not_depend_on(string part, params string[] forbidden)
    {
        NetArchTest.Rules.TestResult result = Types.InAssembly(typeof(Scalar).Assembly)
            .That().ResideInNamespace($"{Root}.{part}")
            .ShouldNot().HaveDependencyOnAny(forbidden.Select(name => $"{Root}.{name}").ToArray())
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Every_type_lives_in_a_part()
    {
        string[] parts = ["Symbolics", "Geometry", "Kernels", "Linear"];
        IEnumerable<string?> namespaces = typeof(Scalar).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace)
            .Distinct();

        Assert.Equal(parts.Select(part => $"{Root}.{part}").Order(), namespaces.Order());
    }

    [Fact]
    public void The_core_depends_on_the_base_library_only()
    {
        IEnumerable<string?> foreign = typeof(Scalar).Assembly.GetReferencedAssemblies()
            .Select(name => name.Name)
            .Where(name => name?.StartsWith("System", StringComparison.Ordinal) != true);

        Assert.Empty(foreign);
    }
}
