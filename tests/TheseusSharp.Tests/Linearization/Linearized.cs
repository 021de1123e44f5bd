using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linearization;

/// <summary>What a linearizer gives for a problem at some values.</summary>
/// <param name="Objective">The objective by itself.</param>
/// <param name="Cost">The objective that comes with the linearization.</param>
/// <param name="Gradient">g.</param>
/// <param name="Hessian">H in full.</param>
internal sealed record Linearized(double Objective, double Cost, double[] Gradient, double[,] Hessian)
{
    public static Linearized Of(Problem problem, Values values)
    {
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        var state = new SolverState(problem);
        state.Load(values, 0);

        // Twice: what a run leaves behind must not reach the next.
        linearizer.Linearize(state);
        double cost = linearizer.Linearize(state);
        double objective = linearizer.Objective(state);
        return new(objective, cost, linearizer.Gradient.ToArray(), Dense(linearizer.Hessian));
    }

    /// <summary>The same in one lane of a pack, beside others that hold NaN.</summary>
    public static Linearized InLane(int lane, Problem problem, Values values)
    {
        LinearizationPlan plan = LinearizationPlan.Of(problem);
        var linearizer = new PackLinearizer(plan);
        int lanes = linearizer.Lanes;
        SolverState state = new(problem, lanes), single = new(problem);
        single.Load(values, 0);
        for (int table = 0; table < problem.Tables.Count; table++)
            state[table].Span.Fill(double.NaN);
        double[] costs = new double[lanes], objectives = new double[lanes];

        // Twice: the NaN that all lanes leave behind at first must not reach the second run.
        linearizer.Linearize(state, costs);
        state.CopyLane(lane, single, 0, withConstants: true);
        linearizer.Linearize(state, costs);
        linearizer.Objective(state, objectives);
        var matrix = new BlockMatrix(plan.Structure);
        LaneKernels.CopyLane(linearizer.Hessian, lane, lanes, matrix.Values);
        var gradient = new double[plan.Structure.Dimension];
        LaneKernels.CopyLane(linearizer.Gradient, lane, lanes, gradient);
        return new(objectives[lane], costs[lane], gradient, Dense(matrix));
    }

    /// <summary>
    /// Fails unless all is the oracle's, as near as 1e-12 of what the terms of each sum may be at most.
    /// </summary>
    public void AssertNear(DenseSystem oracle, double tolerance = 1e-12)
    {
        Near("objective", oracle.Cost, Objective, oracle.Cost.Hi);
        Near("cost", oracle.Cost, Cost, oracle.Cost.Hi);
        Assert.Equal(oracle.Gradient.Length, Gradient.Length);
        for (int i = 0; i < Gradient.Length; i++)
        {
            double size = Math.Sqrt(oracle.Hessian[i, i].Hi);
            Near($"gradient[{i}]", oracle.Gradient[i], Gradient[i], size * Math.Sqrt(2 * oracle.Cost.Hi));
            for (int j = 0; j < Gradient.Length; j++)
                Near(
                    $"Hessian[{i}, {j}]", oracle.Hessian[i, j], Hessian[i, j],
                    size * Math.Sqrt(oracle.Hessian[j, j].Hi));
        }

        void Near(string what, DoubleDouble expected, double actual, double scale)
        {
            double error = Math.Abs((actual - expected).Hi);
            if (!(error <= tolerance * (scale + 1e-3)))
                Assert.Fail($"{what} should be {expected.Hi:R}, is {actual:R}: off by {error:g3}, scale {scale:g3}.");
        }
    }

    /// <summary>Fails unless all is the same, bit for bit.</summary>
    public void AssertSameBits(Linearized other)
    {
        Assert.Equal(Bits(this), Bits(other));

        static long[] Bits(Linearized of) =>
        [
            .. new[] { of.Objective, of.Cost }.Concat(of.Gradient).Concat(of.Hessian.Cast<double>())
                .Select(BitConverter.DoubleToInt64Bits),
        ];
    }

    private static double[,] Dense(BlockMatrix matrix)
    {
        BlockStructure structure = matrix.Structure;
        var dense = new double[structure.Dimension, structure.Dimension];
        for (int column = 0; column < structure.Count; column++)
            for (int block = structure.ColumnStarts[column]; block < structure.ColumnStarts[column + 1]; block++)
                AddBlock(dense, matrix, structure.Rows[block], column, block);
        return dense;
    }

    private static void AddBlock(double[,] dense, BlockMatrix matrix, int row, int column, int block)
    {
        ReadOnlySpan<int> offsets = matrix.Structure.Offsets;
        Span<double> numbers = matrix.Block(block);
        int rows = matrix.Structure.Sizes[row];
        for (int k = 0; k < numbers.Length; k++)
        {
            (int i, int j) = (offsets[row] + (k % rows), offsets[column] + (k / rows));
            dense[i, j] = numbers[k];
            if (row != column)
                dense[j, i] = numbers[k];
        }
    }
}
