"""The settlement section of the office: files of acquirer and bank, the three-way match, and what does not agree."""
