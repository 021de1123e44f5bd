namespace TheseusSharp.Nonlinear;

/// <summary>Where the elements of a batch lie while they are solved.</summary>
public enum BatchLayout
{
    /// <summary>By what the structure and the size of the batch make faster.</summary>
    Automatic,

    /// <summary>One element after another: vectors run over its cost functions and within its blocks.</summary>
    Separate,

    /// <summary>Side by side, an element in each lane of a vector: for many small problems.</summary>
    Interleaved,
}
