using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Batches, as solves run them: packs of as many matrices as there are lanes, the last not full. For each structure,
/// combinations of sizes of blocks, order of elimination, damping, lanes, precision and size of the batch are sampled:
/// of any two of these, every combination of values is tried (<see cref="Covering"/>).
/// </summary>
public class BatchCrossTests
{
    /// <summary>How many matrices of each structure there are; right-hand sides all differ.</summary>
    private const int Variety = 5;

    private static readonly int[] s_batches = [1, 3, 8, 13, 64];
    private static readonly int[] s_lanes = [2, 4, 8];

    public static TheoryData<string> Kinds => [.. CrossCases.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Elements_are_as_exact_as_promised_and_have_the_bits_of_single_solves(string kind)
    {
        int[] levels =
        [
            CrossCases.SizePatterns.Length, CrossCases.Orderings.Length, CrossCases.Lambdas.Length, s_lanes.Length, 2,
            s_batches.Length,
        ];
        foreach (int[] row in Covering.Rows(levels, 2, 140))
        {
            using var batch = new Batch(kind, row);
            double[][] found = batch.Solve(s_lanes[row[3]], [.. Enumerable.Range(0, batch.Count)]);
            for (int element = 0; element < batch.Count; element++)
                batch.Check(element, found[element]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(64)]
    public void Batches_agree_with_one_by_one(int batch)
    {
        BlockMatrix[] matrices =
            [.. Enumerable.Range(0, batch).Select(k => CrossCases.Create("grid", [3, 2], k).Matrix)];
        int n = matrices[0].Structure.Dimension;
        double[] dense = [.. matrices.SelectMany(matrix => Dense.Flat(Dense.Of(matrix)))];
        double[] values = [.. matrices.SelectMany(matrix => matrix.Values.ToArray())];
        double[] b = RandomMatrix.Vector(batch * n, 126), expected = new double[b.Length];
        using (var single = new MultifrontalCholesky(matrices[0].Structure))
            for (int k = 0; k < batch; k++)
            {
                Assert.True(single.Factor(matrices[k]).Succeeded);
                single.Solve(b.AsSpan(k * n, n), expected.AsSpan(k * n, n));
            }

        using LinearSolve sparse = LinearSolve.Sparse(matrices[0].Structure, batch);
        using LinearSolve cholesky = LinearSolve.Symmetric(n, batch), lu = LinearSolve.General(n, batch);
        double[] x = new double[b.Length];
        Assert.True(sparse.Forward(values, b, x));
        Assert.Equal(expected, x);
        Assert.True(cholesky.Forward(dense, b, x));
        Dense.AssertClose(expected, x, 1e-11);
        Assert.True(lu.Forward(dense, b, x));
        Dense.AssertClose(expected, x, 1e-11);
    }

    /// <summary>A batch by the levels of a row; its third element, if there is one, cannot be factored.</summary>
    private sealed class Batch : IDisposable
    {
        private const int Bad = 2;

        private readonly BlockMatrix[] _matrices;
        private readonly double[][] _dampings;
        private readonly double[][] _rights;
        private readonly InterleavedPlan _plan;
        private readonly Dictionary<int, (InterleavedCholesky Exact, RefinedInterleavedCholesky Mixed)> _solvers = [];
        private readonly bool _isMixed;
        private readonly string _name;

        public Batch(string kind, int[] row)
        {
            int[] pattern = CrossCases.SizePatterns[row[0]];
            double lambda = CrossCases.Lambdas[row[2]];
            string ordering = CrossCases.Orderings[row[1]];
            _isMixed = row[4] == 1;
            Count = s_batches[row[5]];
            (BlockMatrix matrix, _) = CrossCases.Create(kind, pattern, 8);
            _matrices = [.. Enumerable.Range(0, Variety).Select(k => Varied(matrix, k))];
            _dampings = [.. _matrices.Select(varied => CrossCases.DampingOf(varied, lambda))];
            int n = _matrices[0].Structure.Dimension;
            _rights = [.. Enumerable.Range(0, Count).Select(k => RandomMatrix.Vector(n, 150 + k))];
            _plan = InterleavedPlan.Of(CrossCases.Analyze(_matrices[0].Structure, ordering));
            _name = $"{ordering}, sizes {string.Join(' ', pattern)}, λ = {lambda}, mixed: {_isMixed}, batch {Count}";
        }

        public int Count { get; }

        /// <summary>Solves some elements, pack by pack.</summary>
        public double[][] Solve(int lanes, int[] elements)
        {
            if (!_solvers.ContainsKey(lanes))
                _solvers.Add(lanes, (new(_plan, lanes), new(_plan, lanes)));
            (InterleavedCholesky exact, RefinedInterleavedCholesky mixed) = _solvers[lanes];
            var solutions = new List<double[]>();
            foreach (int[] pack in elements.Chunk(lanes))
            {
                int[] full = [.. pack, .. Enumerable.Repeat(pack[0], lanes - pack.Length)];
                double[] x = InterleavedBatch.Interleave([.. full.Select(element => _rights[element])]);
                double[] h = InterleavedBatch.Interleave([.. full.Select(Values)]);
                double[] damping = InterleavedBatch.Interleave(
                    [.. full.Select(element => _dampings[element % Variety])]);
                int[] failed = new int[lanes];
                if (_isMixed)
                {
                    for (int lane = 0; lane < lanes; lane++)
                        if (lane < pack.Length)
                            mixed.Enter(lane);
                        else
                            mixed.Leave(lane);
                    mixed.FactorAndSolve(h, damping, x, x, failed);
                }
                else
                {
                    exact.FactorAndSolve(h, damping, x, x, failed);
                }

                for (int lane = 0; lane < pack.Length; lane++)
                {
                    Assert.True(failed[lane] >= 0 == (pack[lane] == Bad), $"{_name}, element {pack[lane]}");
                    solutions.Add(InterleavedBatch.Lane(x, lane, lanes));
                }
            }

            return [.. solutions];
        }

        public void Check(int element, double[] x)
        {
            if (element == Bad)
                return;
            double[] damping = _dampings[element % Variety];
            double error = RandomMatrix.BackwardError(
                _matrices[element % Variety], x, _rights[element], damping.Length > 0 ? damping : null);
            Assert.True(
                error <= (_isMixed ? CrossSolvers.Refined : CrossSolvers.InDouble), $"{_name}: backward error {error}.");
            Assert.True(
                CrossCases.AreSame(Solve(2, [element])[0], x), $"{_name}: element {element} has not its own bits.");
        }

        public void Dispose()
        {
            foreach ((InterleavedCholesky exact, RefinedInterleavedCholesky mixed) in _solvers.Values)
            {
                exact.Dispose();
                mixed.Dispose();
            }
        }

        private double[] Values(int element)
        {
            double[] values = _matrices[element % Variety].Values.ToArray();
            if (element == Bad)
                values[^1] = double.NaN;
            return values;
        }

        /// <summary>Rows and columns are scaled, so that the matrix stays positive definite.</summary>
        private static BlockMatrix Varied(BlockMatrix matrix, int seed)
        {
            BlockStructure structure = matrix.Structure;
            var varied = new BlockMatrix(structure);
            matrix.Values.CopyTo(varied.Values);
            double[] scale = [.. RandomMatrix.Vector(structure.Count, seed).Select(entry => 1 + (entry / 2))];
            for (int j = 0; j < structure.Count; j++)
                for (int k = structure.ColumnStarts[j]; k < structure.ColumnStarts[j + 1]; k++)
                    foreach (ref double entry in varied.Block(k))
                        entry *= scale[j] * scale[structure.Rows[k]];
            return varied;
        }
    }
}
