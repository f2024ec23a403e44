namespace MedGenCluster.Curation.Quality;

/// <summary>Which size the fragment grid of enlarged frames is laid on.</summary>
public enum FragmentGridMode
{
    /// <summary>The size after the enlargement, so that the fragments cover the whole picture.</summary>
    Corrected,

    /// <summary>The size before it, as the released DOVER code does; published scores were computed so.</summary>
    AsShipped,
}

/// <summary>Where the 7x7 fragments of 32x32 pixels lie in a frame. One grid holds for all frames of a clip.</summary>
public sealed class FragmentGrid
{
    /// <summary>Cells along one side.</summary>
    public const int Cells = 7;

    /// <summary>Edge of a fragment in pixels.</summary>
    public const int CellSize = 32;

    /// <summary>Edge of the assembled picture in pixels.</summary>
    public const int Size = Cells * CellSize;

    private readonly int[] tops = new int[Cells * Cells];
    private readonly int[] lefts = new int[Cells * Cells];

    private FragmentGrid()
    {
    }

    /// <summary>Draws a grid: first the 49 row offsets, then the 49 column offsets, in row order.</summary>
    /// <param name="height">Rows of the picture that the grid is laid on, at least 32.</param>
    /// <param name="width">Columns of that picture, at least 32.</param>
    /// <param name="nextBelow">Draws from [0, bound); not called for an axis whose cells have no room.</param>
    public static FragmentGrid Create(int height, int width, Func<int, int> nextBelow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, CellSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, CellSize);
        var grid = new FragmentGrid();
        for (var cell = 0; cell < grid.tops.Length; cell++)
            grid.tops[cell] = Place(height, cell / Cells, nextBelow);
        for (var cell = 0; cell < grid.lefts.Length; cell++)
            grid.lefts[cell] = Place(width, cell % Cells, nextBelow);
        return grid;
    }

    /// <summary>First pixel row of the fragment at (row, column) of the grid.</summary>
    public int Top(int row, int column) => tops[row * Cells + column];

    /// <summary>First pixel column of the fragment at (row, column) of the grid.</summary>
    public int Left(int row, int column) => lefts[row * Cells + column];

    private static int Place(int length, int cell, Func<int, int> nextBelow)
    {
        var room = length / Cells - CellSize;
        return Math.Min(length / Cells * cell, length - CellSize) + (room > 0 ? nextBelow(room) : 0);
    }
}
