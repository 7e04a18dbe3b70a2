"""Why a row of an import is refused: code -> message, which says what to do. Messages never repeat personal data."""

from typing import Final

from app.ops.i18n import N_

REASONS: Final[dict[str, str]] = {
    # cells
    "required": N_("This must be filled in."),
    "merged_cell": N_("This cell is merged with another. Unmerge it and fill in every row."),
    "formula_without_value": N_("A formula without its value. Open the file in Excel, save it, or paste the value."),
    "formula_error": N_("A formula that failed. Replace it by the value."),
    "stray": N_("Something stands in column %(column)s, which has no header: the cells of this row may be shifted."),
    "text_length": N_("At most %(limit)s characters."),
    "text_characters": N_("Characters that do not belong here. Write it plainly."),
    "choice": N_("Write one of: %(choices)s."),
    "yes_no": N_("Write 是 or 否."),
    "number": N_("Write a number from %(least)s to %(most)s."),
    "date_format": N_("Not a date we can be sure of. Write year-month-day, for example 2024-01-05."),
    "date_number": N_("A date that lost its format. Format the column as a date, or write 2024-01-05."),
    "date_range": N_("The year is out of range (1900 to 2100)."),
    # people
    "id_as_number": N_("Stored as a number, so its last digits are lost. Format the column as text and type it again."),
    "id_length": N_("An ID number has 18 characters."),
    "id_characters": N_("An ID number has 17 digits and then a digit or X."),
    "id_birth_date": N_("The digits 7 to 14 of the ID number are not a date of birth."),
    "id_check_digit": N_("The last character does not fit the others: the ID number has a typing error."),
    "name_characters": N_("A name has letters or characters only, at most 60."),
    "name_mismatch": N_("This ID number is recorded under another name. Check it, or have the name corrected first."),
    "name_differs": N_("Row %(other)s gives the same ID number another name."),
    "name_needed": N_("A name is needed: nobody is recorded under this ID number yet."),
    "id_corrected": N_("This ID number of the same person was corrected since. Use the corrected one."),
    "phone": N_("A mobile number has 11 digits and begins with 1."),
    "phone_differs": N_("Row %(other)s gives the same person another mobile number."),
    "person_unknown": N_("Nobody in your reach has this ID number. Put them on a roster first."),
    # enterprises and regions
    "uscc_as_number": N_("Stored as a number, so digits are lost. Format the column as text and type the code again."),
    "uscc_length": N_("A unified social credit code has 18 characters."),
    "uscc_characters": N_("A unified social credit code has digits and capital letters, without I, O, S, V, Z."),
    "uscc_check_digit": N_("The last character does not fit the others: the code has a typing error."),
    "uscc_missing": N_("Say which enterprise: the unified social credit code is needed here."),
    "enterprise_unknown": N_("No enterprise with this code in your reach. Import enterprises first."),
    "enterprise_taken": N_("An enterprise with this code is recorded outside your reach. Ask the bureau above."),
    "row_repeated": N_("Row %(other)s is about the same one."),
    "region_unknown": N_("There is no region with this code."),
    "region_reach": N_("This region lies outside your reach."),
    "region_code": N_("A region's code has 2 to 12 digits or capital letters."),
    "region_parent": N_("The region above is neither known nor in this file, or its row was refused."),
    "region_circle": N_("The region would lie within itself."),
    "industry": N_("Write the two-digit division of GB/T 4754, with or without its letter: 26 or C26."),
    "industry_letter": N_("Division %(division)s belongs to section %(letter)s."),
    "key_industry": N_("No plan has this key industry. Write one of: %(choices)s."),
    "officer_half": N_("The officer's account needs both the name and the mobile number."),
    # rosters
    "post_unknown": N_("No such post: %(text)s. Write one of: %(choices)s."),
    "ends_before_start": N_("The first day no longer in post must come after the first day in post."),
    "overlaps_row": N_("Overlaps row %(other)s: the same person in the same post."),
    "overlaps_two": N_("Overlaps two recorded assignments of this person in this post. Correct them one by one."),
    "confirm_ending": N_(
        "This would end %(ended)s of %(total)s assignments of the enterprise. Confirm it, or complete the file."
    ),
    # records
    "course_unknown": N_("No such course: %(text)s. Write one of: %(choices)s."),
    "completed_later": N_("The day of completion lies in the future."),
    "valid_disagree": N_("有效期至 is the last valid day, 失效日期 the day after: they disagree."),
    "valid_before": N_("It would end before it began: check the days."),
    "score_fails": N_("The score is below the pass mark of %(mark)s."),
    "record_differs": N_(
        "Already recorded for this day, with different details. Revoke that record first if it is wrong."
    ),
}
