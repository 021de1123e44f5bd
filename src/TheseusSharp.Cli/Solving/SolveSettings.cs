using TheseusSharp.Data;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Solving;

/// <summary>How to solve a pose graph.</summary>
internal sealed record SolveSettings
{
    /// <summary>The algorithm.</summary>
    public Optimizer Optimizer { get; init; } = new LevenbergMarquardt();

    /// <summary>Where to start; null for the graph's poses if it has any, else odometry.</summary>
    public InitialPoses? Initial { get; init; }

    /// <summary>What of the information matrices counts.</summary>
    public InformationMode Information { get; init; }

    /// <summary>What is held.</summary>
    public Gauge Gauge { get; init; }

    /// <summary>How many iterations at most.</summary>
    public int Iterations { get; init; } = SolveOptions.Default.MaxIterations;

    /// <summary>How many threads at most; 0 for all cores.</summary>
    public int Threads { get; init; }

    /// <summary>In what precision linear systems are factored.</summary>
    public LinearPrecision Precision { get; init; }

    /// <summary>A robust loss on every edge, or none.</summary>
    public RobustLoss? Loss { get; init; }
}
