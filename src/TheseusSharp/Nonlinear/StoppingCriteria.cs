namespace TheseusSharp.Nonlinear;

/// <summary>When a solve has converged. A tolerance of 0 turns its criterion off.</summary>
public sealed record StoppingCriteria
{
    /// <summary>The defaults.</summary>
    public static StoppingCriteria Default { get; } = new();

    /// <summary>
    /// No criterion: all iterations are run, unless the gradient is exactly zero or adaptive damping finds no descent.
    /// </summary>
    public static StoppingCriteria None { get; } =
        new() { RelativeCostChange = 0, AbsoluteCostChange = 0, Gradient = 0, RelativeStep = 0 };

    /// <summary>
    /// Converged if an accepted step changes the cost by no more than this share of it, or if a step that is rejected was
    /// predicted to change it by no more.
    /// </summary>
    public double RelativeCostChange { get; init; } = 1e-8;

    /// <summary>Converged if an accepted step changes the cost by no more than this.</summary>
    public double AbsoluteCostChange { get; init; } = 1e-14;

    /// <summary>Converged if no entry of the gradient is larger than this.</summary>
    public double Gradient { get; init; } = 1e-10;

    /// <summary>
    /// Converged if for every variable ‖δ‖ ≤ t·(‖x‖ + t), with δ its step, ‖x‖ the norm of its stored numbers.
    /// </summary>
    public double RelativeStep { get; init; } = 1e-10;

    internal void Check()
    {
        Require(RelativeCostChange, nameof(RelativeCostChange));
        Require(AbsoluteCostChange, nameof(AbsoluteCostChange));
        Require(Gradient, nameof(Gradient));
        Require(RelativeStep, nameof(RelativeStep));
    }

    private static void Require(double tolerance, string name)
    {
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(name, tolerance, "A tolerance is at least 0; 0 turns its criterion off.");
    }
}
