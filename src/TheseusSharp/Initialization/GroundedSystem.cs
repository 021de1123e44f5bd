using System.Runtime.InteropServices;
using TheseusSharp.Linear;

namespace TheseusSharp.Initialization;

/// <summary>
/// Linear least squares over a graph: each pose has vectors x, each edge predicts those of its head from those of its
/// tail, and some poses are held. Minimises Σ (xⱼ − P·xᵢ − c)ᵀ·W·(xⱼ − P·xᵢ − c). The structure is analysed once; the
/// numbers may be given anew any number of times.
/// </summary>
/// <remarks>With one pose held in each component and W, P regular, the matrix is positive definite.</remarks>
internal sealed class GroundedSystem : IDisposable
{
    private readonly int _size;

    /// <summary>Of each pose, its block; −1 if it is held.</summary>
    private readonly int[] _block;
    private readonly BlockMatrix _matrix;
    private readonly MultifrontalCholesky _solver;

    /// <summary>One right-hand side after another.</summary>
    private double[] _right = [];

    /// <summary>The vectors, pose by pose.</summary>
    private double[] _values = [];
    private int _vectors;

    /// <summary>Analyses a graph.</summary>
    /// <param name="size">How long a vector is.</param>
    /// <param name="isHeld">Of each pose, whether it is held.</param>
    /// <param name="from">Of each edge, its tail.</param>
    /// <param name="to">Of each edge, its head.</param>
    public GroundedSystem(int size, ReadOnlySpan<bool> isHeld, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        _size = size;
        _block = new int[isHeld.Length];
        int count = 0;
        for (int pose = 0; pose < isHeld.Length; pose++)
            _block[pose] = isHeld[pose] ? -1 : count++;
        int[] sizes = new int[count];
        sizes.AsSpan().Fill(size);
        var pairs = new List<(int, int)>(from.Length);
        for (int edge = 0; edge < from.Length; edge++)
            if (_block[from[edge]] >= 0 && _block[to[edge]] >= 0)
                pairs.Add((_block[from[edge]], _block[to[edge]]));
        _matrix = new(BlockStructure.Create(sizes, CollectionsMarshal.AsSpan(pairs)));
        _solver = new(_matrix.Structure);
    }

    private int Dimension => _matrix.Structure.Dimension;

    /// <summary>Forgets all terms.</summary>
    /// <param name="vectors">How many vectors each pose has; all obey the same predictions.</param>
    /// <param name="values">
    /// The vectors, pose by pose: those of held poses are read, the others are written by <see cref="Solve"/>.
    /// </param>
    public void Begin(int vectors, double[] values)
    {
        _vectors = vectors;
        _values = values;
        _right = new double[vectors * Dimension];
        _matrix.Values.Clear();
    }

    /// <summary>Adds the term of one edge.</summary>
    /// <param name="from">The tail i.</param>
    /// <param name="to">The head j; nothing is added if it is the tail, too.</param>
    /// <param name="prediction">P, row by row.</param>
    /// <param name="weight">W, symmetric.</param>
    /// <param name="weightedOffset">W·c, for each vector; or empty for zero.</param>
    public void Add(
        int from,
        int to,
        ReadOnlySpan<double> prediction,
        ReadOnlySpan<double> weight,
        ReadOnlySpan<double> weightedOffset)
    {
        if (from == to)
            return;
        Span<double> weighted = stackalloc double[_size * _size];
        SmallMatrix.Multiply(_size, weight, prediction, weighted);
        AddToMatrix(_block[from], _block[to], prediction, weight, weighted);
        for (int k = 0; k < _vectors; k++)
        {
            ReadOnlySpan<double> offset =
                weightedOffset.Length == 0 ? default : weightedOffset.Slice(k * _size, _size);
            if (_block[to] >= 0)
                AddToHead(k, from, to, weighted, offset);
            if (_block[from] >= 0)
                AddToTail(k, from, to, prediction, weight, offset);
        }
    }

    /// <summary>Solves for the vectors of the poses that are not held.</summary>
    /// <returns>−1, or the pose at which the matrix turned out not to be positive definite.</returns>
    public int Solve()
    {
        FactorizationResult result = _solver.Factor(_matrix);
        if (!result.Succeeded)
            return Array.IndexOf(_block, result.FailedRow / _size);
        for (int k = 0; k < _vectors; k++)
        {
            Span<double> x = _right.AsSpan(k * Dimension, Dimension);
            _solver.Solve(x, x);
            for (int pose = 0; pose < _block.Length; pose++)
                if (_block[pose] >= 0)
                    x.Slice(_block[pose] * _size, _size).CopyTo(Value(pose, k));
        }

        return -1;
    }

    /// <inheritdoc/>
    public void Dispose() => _solver.Dispose();

    private Span<double> Value(int pose, int vector) => _values.AsSpan(((pose * _vectors) + vector) * _size, _size);

    private Span<double> Right(int pose, int vector) =>
        _right.AsSpan((vector * Dimension) + (_block[pose] * _size), _size);

    private void AddToMatrix(
        int tail,
        int head,
        ReadOnlySpan<double> prediction,
        ReadOnlySpan<double> weight,
        ReadOnlySpan<double> weighted)
    {
        if (head >= 0)
            AddToBlock(head, head, 1, weight);
        if (tail >= 0)
        {
            Span<double> square = stackalloc double[_size * _size];
            SmallMatrix.MultiplyTransposed(_size, prediction, weighted, square);
            AddToBlock(tail, tail, 1, square);
        }

        if (head >= 0 && tail >= 0)
            AddToBlock(head, tail, -1, weighted);
    }

    /// <summary>The matrix keeps blocks below the diagonal, by columns.</summary>
    private void AddToBlock(int row, int column, double sign, ReadOnlySpan<double> entries)
    {
        Span<double> target = _matrix.Block(_matrix.Structure.Find(row, column));
        (int down, int right) = row >= column ? (1, _size) : (_size, 1);
        for (int r = 0; r < _size; r++)
            for (int c = 0; c < _size; c++)
                target[(r * down) + (c * right)] += sign * entries[(r * _size) + c];
    }

    /// <summary>W·c, and W·P·xᵢ if xᵢ is known.</summary>
    private void AddToHead(
        int vector, int from, int to, ReadOnlySpan<double> weighted, ReadOnlySpan<double> weightedOffset)
    {
        Span<double> right = Right(to, vector);
        for (int k = 0; k < weightedOffset.Length; k++)
            right[k] += weightedOffset[k];
        if (_block[from] < 0)
            SmallMatrix.AddProduct(_size, weighted, Value(from, vector), right);
    }

    /// <summary>−Pᵀ·W·c, and Pᵀ·W·xⱼ if xⱼ is known.</summary>
    private void AddToTail(
        int vector,
        int from,
        int to,
        ReadOnlySpan<double> prediction,
        ReadOnlySpan<double> weight,
        ReadOnlySpan<double> weightedOffset)
    {
        Span<double> sum = stackalloc double[_size];
        sum.Clear();
        for (int k = 0; k < weightedOffset.Length; k++)
            sum[k] = -weightedOffset[k];
        if (_block[to] < 0)
            SmallMatrix.AddProduct(_size, weight, Value(to, vector), sum);
        SmallMatrix.AddTransposedProduct(_size, prediction, sum, Right(from, vector));
    }
}
