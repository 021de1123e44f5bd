using TheseusSharp.Modelling;

namespace TheseusSharp.Adjoints;

/// <summary>What a <see cref="GradientCheck"/> checks, and how strictly.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>The defaults.</summary>
    public static GradientCheckOptions Default { get; } = new();

    /// <summary>
    /// The variables whose gradients are checked; by default all constant ones. Optimised ones, which means their
    /// initial values, only where the mode reaches them.
    /// </summary>
    public IReadOnlyCollection<Variable>? Variables { get; init; }

    /// <summary>
    /// The gradient of the outer loss by the solution's tangents. Without it and <see cref="ByObjective"/>, the outer
    /// loss is a random linear function of them.
    /// </summary>
    public Gradients? BySolution { get; init; }

    /// <summary>The gradient of the outer loss by each element's objective; empty for none.</summary>
    public ReadOnlyMemory<double> ByObjective { get; init; }

    /// <summary>Of the random outer loss.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The largest error that passes, relative to the variable's largest entry, or to a thousandth of the largest entry
    /// of all variables if that is more.
    /// </summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>
    /// The longest of the steps that differences are taken with: along tangents of group elements; of other variables
    /// relative to the size of the number, where that is above 1.
    /// </summary>
    public double Step { get; init; } = 1e-3;

    internal void Check()
    {
        Require(Tolerance, nameof(Tolerance));
        Require(Step, nameof(Step));
    }

    private static void Require(double number, string name)
    {
        if (!(number > 0) || double.IsInfinity(number))
            throw new ArgumentOutOfRangeException(name, number, $"{name} is a finite number above 0.");
    }
}
