using TheseusSharp.Kernels;

namespace TheseusSharp.Modelling;

/// <summary>How an objective becomes a problem.</summary>
public sealed record ProblemOptions
{
    /// <summary>Variables held constant in this problem, whatever their role.</summary>
    public IReadOnlyCollection<Variable> Held { get; init; } = [];

    /// <summary>Variables optimised in this problem, whatever their role.</summary>
    public IReadOnlyCollection<Variable> Freed { get; init; } = [];

    /// <summary>How kernels are compiled.</summary>
    public CompilerOptions Compiler { get; init; } = CompilerOptions.Default;

    /// <summary>What happens to given values that are off their manifold.</summary>
    public OffManifold OffManifold { get; init; } = OffManifold.Error;
}

/// <summary>What happens to a group element whose storage has drifted, such as a quaternion of norm 1.1.</summary>
public enum OffManifold
{
    /// <summary>An error that names the variable. Rounding (1e-6, relative) is let pass.</summary>
    Error,

    /// <summary>It is replaced by the nearest element.</summary>
    Normalize,
}
