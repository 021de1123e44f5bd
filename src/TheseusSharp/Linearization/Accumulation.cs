using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>Sums into memory.</summary>
internal static unsafe class Accumulation
{
    /// <summary>block ← Aᵀ·diag(s)·B, column-major, of some columns of a row-major matrix.</summary>
    /// <param name="scales">The first entry of s.</param>
    /// <param name="a">The first entry of A.</param>
    /// <param name="rows">How many columns A has: rows of the block.</param>
    /// <param name="b">The first entry of B.</param>
    /// <param name="columns">How many columns B has.</param>
    /// <param name="height">How many rows A and B have.</param>
    /// <param name="pitch">How far apart these are.</param>
    /// <param name="block">Receives the block.</param>
    public static void Product(
        double* scales, double* a, int rows, double* b, int columns, int height, int pitch, double* block)
    {
        new Span<double>(block, rows * columns).Clear();
        for (int k = 0; k < height; k++, a += pitch, b += pitch)
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                    block[(column * rows) + row] += scales[k] * b[column] * a[row];
    }

    /// <summary>target ← target + a column-major block, or its transpose, or both.</summary>
    public static void Add(double* block, double* target, int rows, int columns, Placing placing)
    {
        if (placing != Placing.Transposed)
            VectorKernels.Add(block, target, rows * columns);
        if (placing == Placing.AsItIs)
            return;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                target[(row * columns) + column] += block[(column * rows) + row];
    }

    /// <summary><see cref="Product"/> in each of several lanes.</summary>
    public static void ProductAcross(
        double* scales, double* a, int rows, double* b, int columns, int height, int pitch, double* block, int lanes)
    {
        new Span<double>(block, rows * columns * lanes).Clear();
        for (int k = 0; k < height; k++, a += pitch * lanes, b += pitch * lanes)
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                    LaneKernels.AddProduct(
                        scales + (k * lanes), a + (row * lanes), b + (column * lanes),
                        block + (((column * rows) + row) * lanes), lanes);
    }

    /// <summary><see cref="Add"/> in each of several lanes.</summary>
    public static void AddAcross(double* block, double* target, int rows, int columns, Placing placing, int lanes)
    {
        if (placing != Placing.Transposed)
            VectorKernels.Add(block, target, rows * columns * lanes);
        if (placing == Placing.AsItIs)
            return;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                VectorKernels.Add(
                    block + (((column * rows) + row) * lanes), target + (((row * columns) + column) * lanes), lanes);
    }
}
