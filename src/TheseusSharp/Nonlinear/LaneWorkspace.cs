using TheseusSharp.Linearization;

namespace TheseusSharp.Nonlinear;

/// <summary>What a step did in one lane.</summary>
internal struct LaneStep
{
    /// <summary>gᵀδ of the whole step.</summary>
    public double Slope { get; set; }

    /// <summary>δᵀDδ of the whole step; 0 without damping.</summary>
    public double Damped { get; set; }

    /// <summary>‖δ‖² of the step as taken, that is shortened.</summary>
    public double SquaredNorm { get; set; }

    /// <summary>The cost of the trial values.</summary>
    public double TrialCost { get; set; }
}

/// <summary>
/// The memory of one thread that solves elements of a batch, one in each lane, and what is done to all lanes at once.
/// No lane's numbers depend on another's.
/// </summary>
internal abstract class LaneWorkspace(SolvePlan plan) : IDisposable
{
    /// <summary>How many elements are solved at a time.</summary>
    public abstract int Lanes { get; }

    /// <summary>How many threads work on one element together.</summary>
    public virtual int Threads => 1;

    /// <summary>In what precision matrices are factored; never automatic.</summary>
    public virtual LinearPrecision Precision => LinearPrecision.Double;

    public SolvePlan Plan => plan;

    public SolveClock Clock { get; } = new();

    /// <summary>The values of an element that is being loaded or reported: one lane.</summary>
    public SolverState Staging { get; } = new(plan.Linearization.Problem);

    /// <summary>Makes the values in <see cref="Staging"/> the current ones of a lane.</summary>
    public abstract void Load(int lane);

    /// <summary>Gives a lane that no element is in the values of another: some that kernels have no trouble with.</summary>
    public abstract void Rest(int lane, int other);

    /// <summary>The element in a lane has its result.</summary>
    public virtual void Leave(int lane)
    {
    }

    /// <summary>Whether single precision was no good for a lane's systems, so that it is not tried any more.</summary>
    public virtual bool HasFallenBack(int lane) => false;

    /// <summary>Makes a lane one whose systems single precision is no good for, or not yet.</summary>
    public virtual void SetFallenBack(int lane, bool hasFallenBack)
    {
    }

    /// <summary>The current values of a lane, in a state of one lane: good until the next call.</summary>
    public abstract SolverState CurrentOf(int lane);

    /// <summary>Linearizes all lanes at their current values.</summary>
    /// <param name="costs">Receives the costs.</param>
    /// <param name="gradientNorms">Receives the largest entries of the gradients.</param>
    public abstract void Linearize(Span<double> costs, Span<double> gradientNorms);

    /// <summary>Writes the damping of a lane's next factorization.</summary>
    /// <returns>Whether there is any: for all elements of a batch, or for none.</returns>
    public abstract bool WriteDamping(int lane, StepControl control);

    /// <summary>Factors all lanes.</summary>
    /// <param name="isDamped">Whether damping was written.</param>
    /// <param name="failedRows">Receives, for each lane, the row that failed; negative for none.</param>
    public abstract void Factor(bool isDamped, Span<int> failedRows);

    /// <summary>In all lanes, shortens the step and evaluates where it leads.</summary>
    /// <param name="isDamped">Whether damping was written.</param>
    /// <param name="stepSize">What the step is multiplied by.</param>
    /// <param name="acceptsAll">
    /// Whether all steps to finite costs will be taken: the next linearization may then be made at once, with the cost.
    /// </param>
    /// <param name="steps">Receives what the steps did.</param>
    public abstract void Try(bool isDamped, double stepSize, bool acceptsAll, Span<LaneStep> steps);

    /// <summary>Makes the trial values current where asked for.</summary>
    /// <param name="isTaken">The lanes.</param>
    /// <param name="othersMatter">Whether the values of the other lanes must stay.</param>
    public abstract void TakeTrial(ReadOnlySpan<bool> isTaken, bool othersMatter);

    /// <summary>Keeps the current values of a lane as its best.</summary>
    public abstract void SaveBest(int lane);

    /// <summary>Makes the best values of a lane current.</summary>
    public abstract void RestoreBest(int lane);

    /// <summary>
    /// Whether every variable of a lane moves by no more than a share of its size; false where any does not, or is NaN.
    /// </summary>
    public abstract bool StepIsSmall(int lane, double tolerance);

    /// <summary>Whether H is finite in a lane: it may overflow where cost and gradient do not.</summary>
    public abstract bool HessianIsFinite(int lane);

    /// <summary>Linearizes a lane's current values for explanations, which may take their time.</summary>
    public abstract SolverWorkspace Examine(int lane);

    public abstract void Dispose();
}
