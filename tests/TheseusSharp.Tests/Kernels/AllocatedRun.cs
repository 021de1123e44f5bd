using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Runs allocated programs on a block of random numbers, beside code evaluated directly.</summary>
internal sealed unsafe class AllocatedRun
{
    private readonly double[] _gathered;
    private readonly double[] _tiled;
    private readonly int _lanes;

    /// <param name="lanes">How long the block is.</param>
    /// <param name="random">The source of its numbers.</param>
    /// <param name="isExact">Whether they are whole numbers.</param>
    public AllocatedRun(int lanes, Random random, bool isExact = false)
    {
        _lanes = lanes;
        _gathered = Numbers(RandomCode.GatheredColumns * lanes, random, isExact);
        _tiled = Numbers(RandomCode.TiledColumns * lanes, random, isExact);
    }

    /// <summary>The outputs, column by column.</summary>
    public double[] Evaluate(StraightLineCode code)
    {
        var outputs = new double[code.Outputs.Count * _lanes];
        for (int lane = 0; lane < _lanes; lane++)
        {
            double[] results = RandomCode.Evaluate(code, Lane(_gathered, lane), Lane(_tiled, lane));
            for (int k = 0; k < results.Length; k++)
                outputs[(k * _lanes) + lane] = results[k];
        }

        return outputs;
    }

    public double[] Interpret(AllocatedProgram program) =>
        Run(new BlockInterpreter<double>(program, _lanes), program.OutputColumns);

    /// <summary>As machine code; the block must be as long as the target's vectors.</summary>
    public double[] Execute(AllocatedProgram program, Target target) =>
        Run(IlEmitter<double>.Emit(program, target), program.OutputColumns);

    private static double[] Numbers(int length, Random random, bool isExact) =>
        [.. Enumerable.Range(0, length).Select(_ => RandomCode.Input(random, isExact))];

    private double[] Lane(double[] columns, int lane) =>
        [.. Enumerable.Range(0, columns.Length / _lanes).Select(column => columns[(column * _lanes) + lane])];

    /// <summary>Scratch begins as NaN: what is read before it is written shows.</summary>
    private double[] Run(IKernel<double> kernel, int outputColumns)
    {
        var outputs = new double[outputColumns * _lanes];
        var scratch = new double[Math.Max(1, kernel.ScratchColumns * _lanes)];
        Array.Fill(scratch, double.NaN);
        Array.Fill(outputs, double.NaN);
        fixed (double* gathered = _gathered, tiled = _tiled, target = outputs, spilled = scratch)
            kernel.Run(gathered, tiled, target, spilled);
        return outputs;
    }
}
