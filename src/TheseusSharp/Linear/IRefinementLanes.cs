namespace TheseusSharp.Linear;

/// <summary>What the refinement of solutions does with lanes in double precision, beside products and sums.</summary>
internal interface IDoubleLanes<TSelf> : ILanes<TSelf, double>
    where TSelf : unmanaged, IDoubleLanes<TSelf>
{
    /// <summary>The power of two s with ½ ≤ s²·d &lt; 2; if d is not positive and finite, some power of two.</summary>
    static abstract TSelf InverseRoot(TSelf d);

    /// <summary>1/s of a power of two.</summary>
    static abstract TSelf InverseOfPower(TSelf s);

    /// <summary>The larger of the first, not negative, and the size of the second; NaN if one is.</summary>
    static abstract TSelf LargerSize(TSelf largest, TSelf lanes);

    /// <summary>The first where the mask's bits are set, the second where they are not.</summary>
    static abstract TSelf Select(TSelf mask, TSelf first, TSelf second);
}

/// <summary>Lanes of single precision, as many as there are in a register of double precision.</summary>
internal interface ISingleLanes<TSelf, TDouble> : ILanes<TSelf, float>
    where TSelf : unmanaged, ISingleLanes<TSelf, TDouble>
{
    /// <summary>Rounded.</summary>
    static abstract TSelf Narrow(TDouble lanes);

    static abstract TDouble Widen(TSelf lanes);
}
