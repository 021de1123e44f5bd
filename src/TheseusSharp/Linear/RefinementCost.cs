namespace TheseusSharp.Linear;

/// <summary>
/// About how many processor cycles a factorization and a solve take: from structure only, so that a choice by them is
/// the same on every machine, and for any number of threads. The constants are those of one core (Zen 4) that shares
/// its memory with others; with them the pose graphs of 15 000 to 48 000 rows come out within a tenth or two.
/// </summary>
internal static class RefinementCost
{
    /// <summary>So many steps most solves take.</summary>
    private const int Steps = 3;

    /// <summary>How much shorter it must be in float: not all systems are conditioned for it.</summary>
    private const double Advantage = 1.1;

    /// <summary>How much of the solve is saved that goes with the factorization.</summary>
    private const double SavedOfFirst = 0.4;

    /// <summary>Bytes of the factor that come from memory in a cycle.</summary>
    private const double BytesPerCycle = 4.6;

    /// <summary>Cycles for each number of H that is scaled, or multiplied with.</summary>
    private const double CyclesPerValue = 3.5;

    /// <summary>Cycles for each pivot of a factorization, beyond those of <see cref="Supernodes.Cost"/>.</summary>
    private const double CyclesPerPivot = 220;

    /// <summary>Cycles for each row of a solve: its own equation, and vectors put in order.</summary>
    private const double CyclesPerRow = 135;

    /// <summary>Cycles for each row of the vectors that a step of refinement goes over.</summary>
    private const double CyclesPerStepRow = 20;

    /// <summary>Whether a refined solve takes clearly less time.</summary>
    public static bool Favours(SymbolicFactorization symbolic) =>
        Advantage * OfRefined(symbolic) < OfDouble(symbolic);

    /// <summary>A factorization and a solve in double, whose forward half finds the factor in cache.</summary>
    internal static double OfDouble(SymbolicFactorization symbolic) =>
        Factorization(symbolic, 1) + ((1 - SavedOfFirst) * Solve(symbolic, sizeof(double)));

    /// <summary>A factorization in float, and a solve that is refined.</summary>
    internal static double OfRefined(SymbolicFactorization symbolic)
    {
        double values = CyclesPerValue * symbolic.Structure.ValueCount;
        double step = Solve(symbolic, sizeof(float)) + values + (CyclesPerStepRow * symbolic.Structure.Dimension);
        return values + Factorization(symbolic, 2) + (Steps * step) - (SavedOfFirst * Solve(symbolic, sizeof(float)));
    }

    private static double Factorization(SymbolicFactorization symbolic, int lanes)
    {
        double cycles = CyclesPerPivot * symbolic.Structure.Dimension;
        foreach (Front front in symbolic.Tree.Fronts)
            cycles += Supernodes.Cost(front.Pivots, front.Rows, lanes);
        return cycles;
    }

    /// <summary>The factor is read twice.</summary>
    private static double Solve(SymbolicFactorization symbolic, int bytes) =>
        (2.0 * bytes * symbolic.FactorLength / BytesPerCycle) + (CyclesPerRow * symbolic.Structure.Dimension);
}
