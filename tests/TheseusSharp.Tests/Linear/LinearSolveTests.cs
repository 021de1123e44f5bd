using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Gradients of Σ w·x against central differences, extrapolated after Richardson: changes of A go in as the user would
/// make them, symmetric where A must stay so.
/// </summary>
public class LinearSolveTests
{
    private static readonly int[] s_sizes = [1, 3, 2, 6];
    private static readonly (int, int)[] s_pairs = [(0, 1), (3, 1), (2, 3), (0, 3)];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(9, 3)]
    [InlineData(20, 8)]
    public void General_matrices(int size, int batch)
    {
        double[] a = RandomMatrix.Vector(batch * size * size, 101);
        using LinearSolve operation = LinearSolve.General(size, batch);
        Check(operation, a, Unit);
        double[] Unit(int k) => One(a.Length, k);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(9, 3)]
    [InlineData(20, 8)]
    public void Symmetric_matrices(int size, int batch)
    {
        double[] a = [.. Enumerable.Range(0, batch).SelectMany(
            k => Dense.Flat(Dense.Of(RandomMatrix.Create([size], [], 102 + k, diagonal: 1))))];
        using LinearSolve operation = LinearSolve.Symmetric(size, batch);
        Check(operation, a, Pair);

        double[] Pair(int k)
        {
            int element = k / (size * size), row = k / size % size, column = k % size;
            double[] change = One(a.Length, k);
            change[(((element * size) + column) * size) + row] = 1;
            return change;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Sparse_matrices(int batch)
    {
        BlockStructure structure = BlockStructure.Create(s_sizes, s_pairs);
        double[] a = [.. Enumerable.Range(0, batch).SelectMany(
            k => RandomMatrix.Create(s_sizes, s_pairs, 103 + k, diagonal: 1).Values.ToArray())];
        using LinearSolve operation = LinearSolve.Sparse(structure, batch);
        Assert.Equal(structure.ValueCount, operation.MatrixLength);
        Check(operation, a, Change);

        double[] Change(int k)
        {
            double[] change = One(a.Length, k);
            int element = k / structure.ValueCount, place = k % structure.ValueCount, block = 0;
            while (structure.ValueStarts[block + 1] <= place)
                block++;
            int column = 0;
            while (structure.ColumnStarts[column + 1] <= block)
                column++;
            if (structure.Rows[block] != column)
                return change;
            int size = structure.Sizes[column], start = structure.ValueStarts[block], at = place - start;
            change[(element * structure.ValueCount) + start + (at % size * size) + (at / size)] = 1;
            return change;
        }
    }

    [Fact]
    public void Dense_and_sparse_gradients_agree()
    {
        BlockMatrix matrix = RandomMatrix.Create(s_sizes, s_pairs, 104);
        double[] dense = Dense.Flat(Dense.Of(matrix));
        double[] b = RandomMatrix.Vector(12, 105), w = RandomMatrix.Vector(12, 106);
        using LinearSolve sparse = LinearSolve.Sparse(matrix.Structure), symmetric = LinearSolve.Symmetric(12);
        double[] ofSparse = new double[matrix.Values.Length], ofDense = new double[dense.Length], x = new double[12];
        sparse.Forward(matrix.Values, b, x);
        sparse.Backward(w, ofSparse, []);
        symmetric.Forward(dense, b, x);
        symmetric.Backward(w, ofDense, []);
        var gradient = new BlockMatrix(matrix.Structure);
        ofSparse.CopyTo(gradient.Values);
        double[] expected = Dense.Flat(Dense.Of(gradient));
        for (int k = 0; k < expected.Length; k++)
        {
            int row = matrix.Structure.Offsets.ToArray().Count(start => start <= k / 12);
            int column = matrix.Structure.Offsets.ToArray().Count(start => start <= k % 12);
            if (expected[k] != 0)
                Assert.Equal(expected[k] * (row == column ? 1 : 0.5), ofDense[k], 1e-10 * Dense.Largest(expected));
        }
    }

    [Fact]
    public void A_singular_element_has_no_solution_and_no_gradient_and_harms_no_other()
    {
        double[] a = [2, 1, 1, 3, 1, 1, 1, 1, 5, 1, 1, 4], b = [1, 2, 3, 4, 5, 6];
        BlockStructure structure = BlockStructure.Create([2], []);
        foreach (LinearSolve operation in (LinearSolve[])
            [LinearSolve.General(2, 3), LinearSolve.Symmetric(2, 3), LinearSolve.Sparse(structure, 3)])
        {
            double[] x = new double[6], ofA = new double[12], ofB = new double[6];
            Assert.False(operation.Forward(a, b, x));
            Assert.Equal([true, false, true], operation.Results.ToArray().Select(result => result.Succeeded));
            Assert.Equal([false, false, true, true, false, false], x.Select(double.IsNaN));
            operation.Backward([1, 1, double.NaN, 1, 1, 1], ofA, ofB);
            Assert.Equal(new double[4], ofA[4..8]);
            Assert.Equal(new double[2], ofB[2..4]);
            Assert.All(ofA[..4].Concat(ofA[8..]), number => Assert.True(double.IsFinite(number) && number != 0));
            operation.Dispose();
        }
    }

    [Fact]
    public void Both_passes_allocate_nothing()
    {
        BlockMatrix matrix = RandomMatrix.Create(s_sizes, s_pairs, 107);
        double[] dense = Dense.Flat(Dense.Of(matrix)), b = new double[12], x = new double[12];
        double[] ofSparse = new double[matrix.Values.Length], ofDense = new double[dense.Length];
        using LinearSolve sparse = LinearSolve.Sparse(matrix.Structure), general = LinearSolve.General(12);
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            sparse.Forward(matrix.Values, b, x);
            sparse.Backward(b, ofSparse, x);
            general.Forward(dense, b, x);
            general.Backward(b, ofDense, x);
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearSolve.General(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearSolve.Symmetric(-1));
        using LinearSolve operation = LinearSolve.General(2);
        Assert.Throws<InvalidOperationException>(() => operation.Backward(new double[2], [], []));
        Assert.Throws<InvalidOperationException>(() => operation.Results.Length);
        Assert.Throws<ArgumentException>(() => operation.Forward(new double[3], new double[2], new double[2]));
        operation.Forward([1, 0, 0, 1], [1, 1], new double[2]);
        Assert.Throws<ArgumentException>(() => operation.Backward(new double[2], new double[3], []));
        Assert.Throws<ArgumentException>(() => operation.Backward(new double[2], [], new double[3]));
    }

    private static void Check(LinearSolve operation, double[] a, Func<int, double[]> change)
    {
        int length = operation.BatchSize * operation.Dimension;
        double[] b = RandomMatrix.Vector(length, 108), w = RandomMatrix.Vector(length, 109), x = new double[length];
        double[] ofA = new double[a.Length], ofB = new double[length];
        Assert.True(operation.Forward(a, b, x));
        operation.Backward(w, ofA, ofB);
        for (int k = 0; k < a.Length; k += 1 + (a.Length / 150))
        {
            double[] direction = change(k);
            double expected = Derivative(t => Loss([.. a.Zip(direction, (p, q) => p + (t * q))], b));
            AssertEqual(expected, direction.Zip(ofA, (p, q) => p * q).Sum(), ofA);
        }

        for (int k = 0; k < length; k++)
        {
            double[] direction = One(length, k);
            double expected = Derivative(t => Loss(a, [.. b.Zip(direction, (p, q) => p + (t * q))]));
            AssertEqual(expected, ofB[k], ofB);
        }

        double Loss(double[] matrices, double[] right)
        {
            double[] solution = new double[length];
            operation.Forward(matrices, right, solution);
            return solution.Zip(w, (p, q) => p * q).Sum();
        }
    }

    private static void AssertEqual(double expected, double found, double[] all) =>
        Assert.InRange(Math.Abs(expected - found), 0, 1e-7 * Dense.Largest(all));

    private static double Derivative(Func<double, double> curve)
    {
        const double Step = 1e-4;
        double coarse = (curve(Step) - curve(-Step)) / (2 * Step), half = Step / 2;
        double fine = (curve(half) - curve(-half)) / (2 * half);
        return fine + ((fine - coarse) / 3);
    }

    private static double[] One(int length, int place)
    {
        double[] unit = new double[length];
        unit[place] = 1;
        return unit;
    }
}
