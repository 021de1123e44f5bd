using NetArchTest.Rules;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests;

/// <summary>Dependencies between parts point down only; folders are namespaces.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "TheseusSharp";

    /// <summary>Every part and what it may use; a part may always use itself.</summary>
    private static readonly Dictionary<string, string[]> s_uses = new()
    {
        ["Symbolics"] = [],
        ["Geometry"] = ["Symbolics"],
        ["Kernels"] = ["Symbolics"],
        ["Linear"] = [],
        ["Modelling"] = ["Symbolics", "Geometry", "Kernels"],
        ["Costs"] = ["Symbolics", "Geometry", "Modelling"],
        ["Linearization"] = ["Symbolics", "Kernels", "Linear", "Modelling"],
        ["Nonlinear"] = ["Symbolics", "Geometry", "Kernels", "Linear", "Modelling", "Linearization"],
        ["Adjoints"] = ["Symbolics", "Geometry", "Kernels", "Linear", "Modelling", "Linearization", "Nonlinear"],
        ["Uncertainty"] = ["Symbolics", "Linear", "Modelling", "Linearization", "Nonlinear"],
        ["Learning"] = ["Symbolics", "Modelling", "Adjoints"],
        ["Data"] = ["Symbolics", "Geometry", "Kernels", "Linear", "Modelling", "Costs"],
        ["Initialization"] = ["Symbolics", "Geometry", "Linear", "Data"],
    };

    public static TheoryData<string> Parts => [.. s_uses.Keys];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_uses_only_what_is_below_it(string part)
    {
        string[] forbidden = [.. s_uses.Keys.Where(other => other != part && !s_uses[part].Contains(other))];

        NetArchTest.Rules.TestResult result = Types.InAssembly(typeof(Scalar).Assembly)
            .That().ResideInNamespaceMatching($"^{Root}\\.{part}$")
            .ShouldNot().HaveDependencyOnAny([.. forbidden.Select(name => $"{Root}.{name}")])
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Dependencies_have_no_cycle()
    {
        var done = new HashSet<string>();
        while (s_uses.Keys.FirstOrDefault(part => !done.Contains(part) && s_uses[part].All(done.Contains)) is { } next)
            done.Add(next);

        Assert.Equal(s_uses.Keys.Order(), done.Order());
    }

    [Fact]
    public void Every_type_lives_in_a_part()
    {
        IEnumerable<string?> namespaces = typeof(Scalar).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace)
            .Distinct();

        Assert.Equal(s_uses.Keys.Select(part => $"{Root}.{part}").Order(), namespaces.Order());
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
