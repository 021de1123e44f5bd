namespace TheseusSharp.Linear;

/// <summary>The bits of a double, as far as powers of two are made of them.</summary>
internal static class DoubleBits
{
    /// <summary>The bits of the exponent.</summary>
    public const ulong Exponent = 0x7FFUL << 52;

    /// <summary>Twice the exponent of 1: this less the bits of a power of two are those of its inverse.</summary>
    public const ulong TwoBiases = 2046UL << 52;

    /// <summary>Three times that of 1: half of this less d's exponent is that of d's inverse root.</summary>
    public const ulong ThreeBiases = 3069UL << 52;
}
