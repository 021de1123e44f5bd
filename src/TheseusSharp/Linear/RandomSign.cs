namespace TheseusSharp.Linear;

/// <summary>Signs that look random, always the same.</summary>
internal static class RandomSign
{
    /// <summary>±1 by the bits of a number, well mixed.</summary>
    public static float Of(uint number)
    {
        number = (number ^ (number >> 16)) * 0x85EBCA6B;
        number = (number ^ (number >> 13)) * 0xC2B2AE35;
        return (number >> 31) == 0 ? 1 : -1;
    }
}
