using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>Whether a step is too small to matter.</summary>
internal static class SmallStep
{
    /// <summary>Whether every variable of a lane moves by no more than a share of its size.</summary>
    /// <param name="plan">The plan of the problem.</param>
    /// <param name="state">The values.</param>
    /// <param name="step">The step, with as many lanes.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="tolerance">The share; with 0 no step is small.</param>
    public static bool Is(
        LinearizationPlan plan, SolverState state, ReadOnlySpan<double> step, int lane, double tolerance)
    {
        if (tolerance == 0)
            return false;
        ReadOnlySpan<int> offsets = plan.Structure.Offsets;
        int lanes = state.Lanes;
        for (int number = 0; number < plan.Problem.OptimizedCount; number++)
        {
            double limit = tolerance * (Math.Sqrt(Squares(state.Of(number), lane, lanes)) + tolerance);
            ReadOnlySpan<double> delta = step[(offsets[number] * lanes)..(offsets[number + 1] * lanes)];
            if (!(Squares(delta, lane, lanes) <= limit * limit))
                return false;
        }

        return true;
    }

    private static double Squares(ReadOnlySpan<double> numbers, int lane, int lanes)
    {
        double sum = 0;
        for (int k = lane; k < numbers.Length; k += lanes)
            sum += numbers[k] * numbers[k];
        return sum;
    }
}
