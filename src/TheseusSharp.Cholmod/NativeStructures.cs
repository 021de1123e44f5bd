using System.Runtime.InteropServices;

namespace TheseusSharp.Cholmod;

/// <summary>CHOLMOD's <c>cholmod_sparse</c>: a matrix by columns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSparse
{
    public nuint Rows;
    public nuint Columns;
    public nuint Capacity;
    public int* Starts;
    public int* Indices;
    public int* Counts;
    public double* Values;
    public void* Imaginary;

    /// <summary>1: symmetric, the upper triangle is stored.</summary>
    public int Symmetry;
    public int IndexType;

    /// <summary>1: real.</summary>
    public int NumberType;
    public int Precision;
    public int IsSorted;
    public int IsPacked;
}

/// <summary>CHOLMOD's <c>cholmod_dense</c>: a matrix by columns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeDense
{
    public nuint Rows;
    public nuint Columns;
    public nuint Capacity;
    public nuint Leading;
    public double* Values;
    public void* Imaginary;
    public int NumberType;
    public int Precision;
}

/// <summary>The beginning of CHOLMOD's <c>cholmod_factor</c>; only the library makes such objects.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeFactor
{
    public nuint Size;

    /// <summary>The column whose pivot was not positive; the size if there is none.</summary>
    public nuint FailedColumn;

    /// <summary>For each column of the factor, the row of the matrix.</summary>
    public int* Permutation;
}
